-- Hourly observations of weather stations as they came, each value as text. utc_date is the date of obs_time_utc;
-- of a time that can't be read, 1969-12-31.
-- key: arrival, row_number
-- format: csv
-- numbers: air_temperature, wind_speed, cloud_cover, sea_level_pressure, relative_humidity, precipitation
-- required: obs_time_utc VARCHAR, station_code VARCHAR, air_temperature VARCHAR, wind_speed VARCHAR, cloud_cover VARCHAR, sea_level_pressure VARCHAR, relative_humidity VARCHAR, precipitation VARCHAR
-- optional: feels_like_temperature VARCHAR, wind_gust VARCHAR, wind_direction VARCHAR, condition_code VARCHAR
SELECT
  obs_time_utc,
  station_code,
  air_temperature,
  feels_like_temperature,
  wind_speed,
  wind_gust,
  wind_direction,
  cloud_cover,
  sea_level_pressure,
  relative_humidity,
  precipitation,
  condition_code,
  coalesce(CAST(to_timestamp(utc_seconds(iso_stamp(obs_time_utc, 'iso'))) AS DATE), DATE '1969-12-31') AS utc_date,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
