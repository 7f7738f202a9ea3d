-- Open-Meteo's answers: a time is ISO's, as a clock utc_offset_seconds ahead of UTC shows it, or the seconds since 1970.
WITH typed AS (
  SELECT
    *,
    measure_of(latitude, '.') AS north,
    measure_of(longitude, '.') AS east,
    whole_number(utc_offset_seconds, '.') AS offset_s,
    CASE WHEN time NOT LIKE '%-%' THEN whole_number(time, '.') END AS unix_s,
    iso_stamp(time, 'iso') AS stamp
  FROM bronze.weather_archive
),
converted AS (
  SELECT
    *,
    CASE temperature_2m_unit WHEN '°C' THEN measure_of(temperature_2m, '.')
      WHEN '°F' THEN scaled_measure(exact_number(temperature_2m, '.') - 32, 5, 9) END AS temperature_c,
    CASE wind_speed_10m_unit WHEN 'm/s' THEN measure_of(wind_speed_10m, '.') WHEN 'km/h' THEN scaled_measure(exact_number(wind_speed_10m, '.'), 10, 36)
      WHEN 'mp/h' THEN scaled_measure(exact_number(wind_speed_10m, '.'), 44704, 100000) WHEN 'kn' THEN scaled_measure(exact_number(wind_speed_10m, '.'), 1852, 3600) END AS wind_m_per_s,
    CASE cloud_cover_unit WHEN '%' THEN measure_of(cloud_cover, '.') END AS cloud_percent,
    CASE relative_humidity_2m_unit WHEN '%' THEN measure_of(relative_humidity_2m, '.') END AS humidity_percent,
    CASE pressure_msl_unit WHEN 'hPa' THEN measure_of(pressure_msl, '.') END AS pressure_hpa,
    CASE precipitation_unit WHEN 'mm' THEN measure_of(precipitation, '.') WHEN 'inch' THEN scaled_measure(exact_number(precipitation, '.'), 254, 10) END AS precipitation_mm,
    CASE shortwave_radiation_unit WHEN 'W/m²' THEN measure_of(shortwave_radiation, '.') END AS irradiance_w_per_m2
  FROM typed
)
SELECT
  source,
  CAST(CAST(north AS DECIMAL(9, 4)) AS STRING) || ',' || CAST(CAST(east AS DECIMAL(9, 4)) AS STRING) AS point_id,
  CAST(north AS DECIMAL(9, 6)) AS latitude,
  CAST(east AS DECIMAL(9, 6)) AS longitude,
  time AS time_text,
  CASE WHEN unix_s IS NOT NULL THEN whole_minutes(unix_s)
    ELSE whole_minutes(clock_seconds(stamp) - coalesce(stamp_offset(stamp) * 60, offset_s)) END AS time_min,
  temperature_c,
  wind_m_per_s,
  cloud_percent,
  humidity_percent,
  pressure_hpa,
  precipitation_mm,
  irradiance_w_per_m2,
  CASE
    WHEN north IS NULL THEN 'latitude ' || coalesce(number_fault(latitude, '.'), 'missing')
    WHEN east IS NULL THEN 'longitude ' || coalesce(number_fault(longitude, '.'), 'missing')
    WHEN north NOT BETWEEN -90 AND 90 THEN 'latitude outside -90 to 90: ' || latitude
    WHEN east NOT BETWEEN -180 AND 180 THEN 'longitude outside -180 to 180: ' || longitude
    WHEN time IS NULL THEN 'time missing'
    WHEN unix_s IS NULL AND (offset_s IS NULL OR abs(offset_s) > 86400 OR offset_s % 60 <> 0)
      THEN coalesce('utc_offset_seconds unreadable: ' || utc_offset_seconds, 'utc_offset_seconds missing')
    WHEN unix_s % 60 <> 0 OR unix_s < 0 OR (unix_s IS NULL AND coalesce(clock_seconds(stamp) % 60, 1) <> 0) THEN 'time unreadable: ' || time
    WHEN temperature_c IS NULL AND temperature_2m IS NOT NULL AND coalesce(temperature_2m_unit, 'none') NOT IN ('°C', '°F') THEN 'temperature in a unit that is not known: ' || coalesce(temperature_2m_unit, 'none')
    WHEN temperature_c IS NULL AND temperature_2m IS NOT NULL THEN 'temperature ' || number_fault(temperature_2m, '.')
    WHEN wind_m_per_s IS NULL AND wind_speed_10m IS NOT NULL AND coalesce(wind_speed_10m_unit, 'none') NOT IN ('m/s', 'km/h', 'mp/h', 'kn') THEN 'wind speed in a unit that is not known: ' || coalesce(wind_speed_10m_unit, 'none')
    WHEN wind_m_per_s IS NULL AND wind_speed_10m IS NOT NULL THEN 'wind speed ' || number_fault(wind_speed_10m, '.')
    WHEN cloud_percent IS NULL AND cloud_cover IS NOT NULL AND coalesce(cloud_cover_unit, 'none') NOT IN ('%') THEN 'cloud cover in a unit that is not known: ' || coalesce(cloud_cover_unit, 'none')
    WHEN cloud_percent IS NULL AND cloud_cover IS NOT NULL THEN 'cloud cover ' || number_fault(cloud_cover, '.')
    WHEN humidity_percent IS NULL AND relative_humidity_2m IS NOT NULL AND coalesce(relative_humidity_2m_unit, 'none') NOT IN ('%') THEN 'humidity in a unit that is not known: ' || coalesce(relative_humidity_2m_unit, 'none')
    WHEN humidity_percent IS NULL AND relative_humidity_2m IS NOT NULL THEN 'humidity ' || number_fault(relative_humidity_2m, '.')
    WHEN pressure_hpa IS NULL AND pressure_msl IS NOT NULL AND coalesce(pressure_msl_unit, 'none') NOT IN ('hPa') THEN 'pressure in a unit that is not known: ' || coalesce(pressure_msl_unit, 'none')
    WHEN pressure_hpa IS NULL AND pressure_msl IS NOT NULL THEN 'pressure ' || number_fault(pressure_msl, '.')
    WHEN precipitation_mm IS NULL AND precipitation IS NOT NULL AND coalesce(precipitation_unit, 'none') NOT IN ('mm', 'inch') THEN 'precipitation in a unit that is not known: ' || coalesce(precipitation_unit, 'none')
    WHEN precipitation_mm IS NULL AND precipitation IS NOT NULL THEN 'precipitation ' || number_fault(precipitation, '.')
    WHEN irradiance_w_per_m2 IS NULL AND shortwave_radiation IS NOT NULL AND coalesce(shortwave_radiation_unit, 'none') NOT IN ('W/m²') THEN 'irradiance in a unit that is not known: ' || coalesce(shortwave_radiation_unit, 'none')
    WHEN irradiance_w_per_m2 IS NULL AND shortwave_radiation IS NOT NULL THEN 'irradiance ' || number_fault(shortwave_radiation, '.')
  END AS problem,
  utc_date,
  arrival,
  file,
  sha256,
  row_number
FROM converted
