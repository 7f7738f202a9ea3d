-- Every hour of weather that arrived, of all formats in one shape: a point, a time in minutes since 1970, and the values in one
-- set of units, unrounded. problem says what of it can't be read. point_id is a station's code, or the coordinates of a grid's
-- point. Pressure is that at sea level; precipitation and irradiance are those of the hour before.
-- stored: no
WITH typed AS (
  SELECT
    observation.*,
    CASE WHEN obs_time_utc LIKE '____-__-__ __:__%' OR obs_time_utc LIKE '____-__-__T__:__%'
      THEN unix_date(try_cast(substr(obs_time_utc, 1, 10) AS DATE)) END AS day,
    try_cast(substr(obs_time_utc, 12, 2) AS INTEGER) AS hour,
    try_cast(substr(obs_time_utc, 15, 2) AS INTEGER) AS minute,
    substr(obs_time_utc, 17) AS rest,
    try_cast(trim(observation.air_temperature) AS DECIMAL(18, 6)) AS temperature_c,
    try_cast(trim(observation.wind_speed) AS DECIMAL(18, 6)) AS wind_m_per_s,
    try_cast(trim(observation.cloud_cover) AS DECIMAL(18, 6)) AS cloud_percent,
    try_cast(trim(observation.relative_humidity) AS DECIMAL(18, 6)) AS humidity_percent,
    try_cast(trim(observation.sea_level_pressure) AS DECIMAL(18, 6)) AS pressure_hpa,
    try_cast(trim(observation.precipitation) AS DECIMAL(18, 6)) AS precipitation_mm,
    station.latitude,
    station.longitude,
    CASE WHEN station.station_code IS NULL THEN 'station in no list: ' || observation.station_code ELSE station.problem END AS station_problem
  FROM bronze.weather_observation AS observation
  LEFT JOIN silver.weather_station AS station ON station.station_code = observation.station_code
)
SELECT
  source,
  station_code AS point_id,
  latitude,
  longitude,
  obs_time_utc AS time_text,
  CAST(day * CAST(1440 AS BIGINT) + hour * 60 + minute AS BIGINT) AS time_min,
  temperature_c,
  wind_m_per_s,
  cloud_percent,
  humidity_percent,
  pressure_hpa,
  precipitation_mm,
  CAST(NULL AS DECIMAL(18, 6)) AS irradiance_w_per_m2,
  CASE
    WHEN trim(coalesce(station_code, '')) = '' THEN 'station code missing'
    WHEN station_problem IS NOT NULL THEN station_problem
    WHEN obs_time_utc IS NULL THEN 'time missing'
    WHEN day IS NULL OR hour IS NULL OR minute IS NULL OR hour NOT BETWEEN 0 AND 23 OR minute NOT BETWEEN 0 AND 59 OR rest NOT IN ('', 'Z', ':00', ':00Z')
      THEN 'time unreadable: ' || obs_time_utc
    WHEN temperature_c IS NULL AND trim(air_temperature) <> '' THEN 'temperature is no number: ' || air_temperature
    WHEN wind_m_per_s IS NULL AND trim(wind_speed) <> '' THEN 'wind speed is no number: ' || wind_speed
    WHEN cloud_percent IS NULL AND trim(cloud_cover) <> '' THEN 'cloud cover is no number: ' || cloud_cover
    WHEN humidity_percent IS NULL AND trim(relative_humidity) <> '' THEN 'humidity is no number: ' || relative_humidity
    WHEN pressure_hpa IS NULL AND trim(sea_level_pressure) <> '' THEN 'pressure is no number: ' || sea_level_pressure
    WHEN precipitation_mm IS NULL AND trim(precipitation) <> '' THEN 'precipitation is no number: ' || precipitation
  END AS problem,
  utc_date,
  arrival,
  file,
  sha256,
  row_number
FROM typed
