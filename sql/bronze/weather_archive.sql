-- Hours of Open-Meteo's answers as they came, each value as text with its unit beside it. utc_date is the UTC
-- date of time; of a time that can't be read, 1969-12-31.
-- key: arrival, row_number
-- format: open_meteo
-- required: latitude VARCHAR, longitude VARCHAR, utc_offset_seconds VARCHAR, time VARCHAR, temperature_2m VARCHAR, temperature_2m_unit VARCHAR
-- optional: wind_speed_10m VARCHAR, wind_speed_10m_unit VARCHAR, cloud_cover VARCHAR, cloud_cover_unit VARCHAR, relative_humidity_2m VARCHAR, relative_humidity_2m_unit VARCHAR, pressure_msl VARCHAR, pressure_msl_unit VARCHAR, precipitation VARCHAR, precipitation_unit VARCHAR, shortwave_radiation VARCHAR, shortwave_radiation_unit VARCHAR
SELECT
  latitude,
  longitude,
  utc_offset_seconds,
  time,
  temperature_2m,
  temperature_2m_unit,
  wind_speed_10m,
  wind_speed_10m_unit,
  cloud_cover,
  cloud_cover_unit,
  relative_humidity_2m,
  relative_humidity_2m_unit,
  pressure_msl,
  pressure_msl_unit,
  precipitation,
  precipitation_unit,
  shortwave_radiation,
  shortwave_radiation_unit,
  coalesce(
    CASE WHEN regexp_matches(time, '^[0-9]{1,10}$') THEN CAST(make_timestamp(CAST(time AS BIGINT) * 1000000) AS DATE) END,
    CAST(to_timestamp(clock_seconds(iso_stamp(time, 'iso')) - coalesce(stamp_offset(iso_stamp(time, 'iso')) * 60, try_cast(utc_offset_seconds AS INTEGER))) AS DATE),
    DATE '1969-12-31') AS utc_date,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
