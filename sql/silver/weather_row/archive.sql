-- Open-Meteo's answers: a time is ISO's, as a clock utc_offset_seconds ahead of UTC shows it, or the seconds since 1970.
WITH typed AS (
  SELECT
    *,
    try_cast(latitude AS DECIMAL(18, 6)) AS north,
    try_cast(longitude AS DECIMAL(18, 6)) AS east,
    try_cast(utc_offset_seconds AS INTEGER) AS offset_s,
    CASE WHEN time NOT LIKE '%-%' THEN try_cast(time AS BIGINT) END AS unix_s,
    CASE WHEN time LIKE '____-__-__T__:__%' THEN unix_date(try_cast(substr(time, 1, 10) AS DATE)) END AS day,
    try_cast(substr(time, 12, 2) AS INTEGER) AS hour,
    try_cast(substr(time, 15, 2) AS INTEGER) AS minute,
    substr(time, 17) AS rest,
    try_cast(temperature_2m AS DECIMAL(18, 6)) AS temperature_2m_value,
    try_cast(wind_speed_10m AS DECIMAL(18, 6)) AS wind_speed_10m_value,
    try_cast(cloud_cover AS DECIMAL(18, 6)) AS cloud_cover_value,
    try_cast(relative_humidity_2m AS DECIMAL(18, 6)) AS relative_humidity_2m_value,
    try_cast(pressure_msl AS DECIMAL(18, 6)) AS pressure_msl_value,
    try_cast(precipitation AS DECIMAL(18, 6)) AS precipitation_value,
    try_cast(shortwave_radiation AS DECIMAL(18, 6)) AS shortwave_radiation_value
  FROM bronze.weather_archive
),
converted AS (
  SELECT
    *,
    CAST(CASE temperature_2m_unit WHEN '°C' THEN temperature_2m_value WHEN '°F' THEN mean_of((temperature_2m_value - 32) * 5, 9) END AS DECIMAL(18, 6)) AS temperature_c,
    CAST(CASE wind_speed_10m_unit WHEN 'm/s' THEN wind_speed_10m_value WHEN 'km/h' THEN mean_of(wind_speed_10m_value * 10, 36) WHEN 'mp/h' THEN mean_of(wind_speed_10m_value * 44704, 100000) WHEN 'kn' THEN mean_of(wind_speed_10m_value * 1852, 3600) END AS DECIMAL(18, 6)) AS wind_m_per_s,
    CAST(CASE cloud_cover_unit WHEN '%' THEN cloud_cover_value END AS DECIMAL(18, 6)) AS cloud_percent,
    CAST(CASE relative_humidity_2m_unit WHEN '%' THEN relative_humidity_2m_value END AS DECIMAL(18, 6)) AS humidity_percent,
    CAST(CASE pressure_msl_unit WHEN 'hPa' THEN pressure_msl_value END AS DECIMAL(18, 6)) AS pressure_hpa,
    CAST(CASE precipitation_unit WHEN 'mm' THEN precipitation_value WHEN 'inch' THEN mean_of(precipitation_value * 254, 10) END AS DECIMAL(18, 6)) AS precipitation_mm,
    CAST(CASE shortwave_radiation_unit WHEN 'W/m²' THEN shortwave_radiation_value END AS DECIMAL(18, 6)) AS irradiance_w_per_m2
  FROM typed
)
SELECT
  source,
  CAST(CAST(north AS DECIMAL(9, 4)) AS STRING) || ',' || CAST(CAST(east AS DECIMAL(9, 4)) AS STRING) AS point_id,
  CAST(north AS DECIMAL(9, 6)) AS latitude,
  CAST(east AS DECIMAL(9, 6)) AS longitude,
  time AS time_text,
  -- Whole minutes only: others read as no time below.
  CASE WHEN unix_s IS NOT NULL THEN quotient(unix_s, 60)
    ELSE CAST(day * CAST(1440 AS BIGINT) + hour * 60 + minute AS BIGINT) - quotient(offset_s + 86400, 60) + 1440 END AS time_min,
  temperature_c,
  wind_m_per_s,
  cloud_percent,
  humidity_percent,
  pressure_hpa,
  precipitation_mm,
  irradiance_w_per_m2,
  CASE
    WHEN north IS NULL THEN 'latitude is no number: ' || coalesce(latitude, 'none')
    WHEN east IS NULL THEN 'longitude is no number: ' || coalesce(longitude, 'none')
    WHEN north NOT BETWEEN -90 AND 90 THEN 'latitude outside -90 to 90: ' || latitude
    WHEN east NOT BETWEEN -180 AND 180 THEN 'longitude outside -180 to 180: ' || longitude
    WHEN time IS NULL THEN 'time missing'
    WHEN unix_s IS NULL AND (offset_s IS NULL OR abs(offset_s) > 86400 OR offset_s % 60 <> 0)
      THEN 'offset unreadable: ' || coalesce(utc_offset_seconds, 'none')
    WHEN unix_s % 60 <> 0 OR unix_s < 0 OR (unix_s IS NULL AND (day IS NULL OR hour IS NULL OR minute IS NULL
        OR hour NOT BETWEEN 0 AND 23 OR minute NOT BETWEEN 0 AND 59 OR rest NOT IN ('', ':00')))
      THEN 'time unreadable: ' || time
    WHEN temperature_2m IS NOT NULL AND temperature_2m_value IS NULL THEN 'temperature is no number: ' || temperature_2m
    WHEN wind_speed_10m IS NOT NULL AND wind_speed_10m_value IS NULL THEN 'wind speed is no number: ' || wind_speed_10m
    WHEN cloud_cover IS NOT NULL AND cloud_cover_value IS NULL THEN 'cloud cover is no number: ' || cloud_cover
    WHEN relative_humidity_2m IS NOT NULL AND relative_humidity_2m_value IS NULL THEN 'humidity is no number: ' || relative_humidity_2m
    WHEN pressure_msl IS NOT NULL AND pressure_msl_value IS NULL THEN 'pressure is no number: ' || pressure_msl
    WHEN precipitation IS NOT NULL AND precipitation_value IS NULL THEN 'precipitation is no number: ' || precipitation
    WHEN shortwave_radiation IS NOT NULL AND shortwave_radiation_value IS NULL THEN 'irradiance is no number: ' || shortwave_radiation
    WHEN temperature_2m IS NOT NULL AND temperature_c IS NULL THEN 'temperature in a unit that is not known: ' || coalesce(temperature_2m_unit, 'none')
    WHEN wind_speed_10m IS NOT NULL AND wind_m_per_s IS NULL THEN 'wind speed in a unit that is not known: ' || coalesce(wind_speed_10m_unit, 'none')
    WHEN cloud_cover IS NOT NULL AND cloud_percent IS NULL THEN 'cloud cover in a unit that is not known: ' || coalesce(cloud_cover_unit, 'none')
    WHEN relative_humidity_2m IS NOT NULL AND humidity_percent IS NULL THEN 'humidity in a unit that is not known: ' || coalesce(relative_humidity_2m_unit, 'none')
    WHEN pressure_msl IS NOT NULL AND pressure_hpa IS NULL THEN 'pressure in a unit that is not known: ' || coalesce(pressure_msl_unit, 'none')
    WHEN precipitation IS NOT NULL AND precipitation_mm IS NULL THEN 'precipitation in a unit that is not known: ' || coalesce(precipitation_unit, 'none')
    WHEN shortwave_radiation IS NOT NULL AND irradiance_w_per_m2 IS NULL THEN 'irradiance in a unit that is not known: ' || coalesce(shortwave_radiation_unit, 'none')
  END AS problem,
  utc_date,
  arrival,
  file,
  sha256,
  row_number
FROM converted
