-- Every hour of weather that arrived, of all formats in one shape: a point, a time in minutes since 1970, and the values in one
-- set of units, unrounded. problem says what of it can't be read. point_id is a station's code, or the coordinates of a grid's
-- point. Pressure is that at sea level; precipitation and irradiance are those of the hour before.
-- stored: no
WITH typed AS (
  SELECT
    observation.*,
    iso_stamp(observation.obs_time_utc, 'iso') AS stamp,
    mark_of(setting.decimal_mark, observation.decimal_mark) AS mark,
    station.latitude,
    station.longitude,
    CASE WHEN station.station_code IS NULL THEN 'station in no list: ' || observation.station_code ELSE station.problem END AS station_problem
  FROM bronze.weather_observation AS observation
  LEFT JOIN silver.weather_station AS station ON station.station_code = observation.station_code
  LEFT JOIN bronze.source AS setting ON setting.source = observation.source
),
measured AS (
  SELECT
    *,
    whole_minutes(utc_seconds(stamp)) AS time_min,
    measure_of(trim(air_temperature), mark) AS temperature_c,
    measure_of(trim(wind_speed), mark) AS wind_m_per_s,
    measure_of(trim(cloud_cover), mark) AS cloud_percent,
    measure_of(trim(relative_humidity), mark) AS humidity_percent,
    measure_of(trim(sea_level_pressure), mark) AS pressure_hpa,
    measure_of(trim(precipitation), mark) AS precipitation_mm
  FROM typed
)
SELECT
  source,
  station_code AS point_id,
  latitude,
  longitude,
  obs_time_utc AS time_text,
  CAST(time_min AS BIGINT) AS time_min,
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
    WHEN time_min IS NULL THEN 'time unreadable: ' || obs_time_utc
    WHEN temperature_c IS NULL AND trim(air_temperature) <> '' THEN 'temperature ' || number_fault(trim(air_temperature), mark)
    WHEN wind_m_per_s IS NULL AND trim(wind_speed) <> '' THEN 'wind speed ' || number_fault(trim(wind_speed), mark)
    WHEN cloud_percent IS NULL AND trim(cloud_cover) <> '' THEN 'cloud cover ' || number_fault(trim(cloud_cover), mark)
    WHEN humidity_percent IS NULL AND trim(relative_humidity) <> '' THEN 'humidity ' || number_fault(trim(relative_humidity), mark)
    WHEN pressure_hpa IS NULL AND trim(sea_level_pressure) <> '' THEN 'pressure ' || number_fault(trim(sea_level_pressure), mark)
    WHEN precipitation_mm IS NULL AND trim(precipitation) <> '' THEN 'precipitation ' || number_fault(trim(precipitation), mark)
  END AS problem,
  utc_date,
  arrival,
  file,
  sha256,
  row_number
FROM measured
