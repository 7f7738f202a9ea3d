-- What became of each hour of weather that arrived: kept, superseded by a newer arrival of the same hour, repeated in one file,
-- or rejected, and why. The same hour twice in one file, with other values, is rejected, both, and supersedes nothing.
-- key: arrival, row_number
-- increment: utc_date
WITH judged AS (
  SELECT
    *,
    CASE
      WHEN problem IS NOT NULL THEN problem
      WHEN time_min NOT BETWEEN 0 AND 68899679 THEN 'date outside 1970 to 2100: ' || time_text
      WHEN time_min % 60 <> 0 THEN 'time not on the hour: ' || time_text
      WHEN temperature_c NOT BETWEEN -90 AND 60 THEN 'temperature outside -90 to 60: ' || CAST(temperature_c AS STRING)
      WHEN wind_m_per_s NOT BETWEEN 0 AND 120 THEN 'wind speed outside 0 to 120: ' || CAST(wind_m_per_s AS STRING)
      WHEN cloud_percent NOT BETWEEN 0 AND 100 THEN 'cloud cover outside 0 to 100: ' || CAST(cloud_percent AS STRING)
      WHEN humidity_percent NOT BETWEEN 0 AND 100 THEN 'humidity outside 0 to 100: ' || CAST(humidity_percent AS STRING)
      WHEN pressure_hpa NOT BETWEEN 850 AND 1100 THEN 'pressure outside 850 to 1100: ' || CAST(pressure_hpa AS STRING)
      WHEN precipitation_mm NOT BETWEEN 0 AND 500 THEN 'precipitation outside 0 to 500: ' || CAST(precipitation_mm AS STRING)
      WHEN irradiance_w_per_m2 NOT BETWEEN 0 AND 1500 THEN 'irradiance outside 0 to 1500: ' || CAST(irradiance_w_per_m2 AS STRING)
      WHEN coalesce(temperature_c, wind_m_per_s, cloud_percent, humidity_percent, pressure_hpa, precipitation_mm, irradiance_w_per_m2) IS NULL THEN 'no value in it: ' || time_text
    END AS fault,
    coalesce(CAST(temperature_c AS STRING), '')
      || ' ' || coalesce(CAST(wind_m_per_s AS STRING), '')
      || ' ' || coalesce(CAST(cloud_percent AS STRING), '')
      || ' ' || coalesce(CAST(humidity_percent AS STRING), '')
      || ' ' || coalesce(CAST(pressure_hpa AS STRING), '')
      || ' ' || coalesce(CAST(precipitation_mm AS STRING), '')
      || ' ' || coalesce(CAST(irradiance_w_per_m2 AS STRING), '') AS told
  FROM silver.weather_row
),
compared AS (
  SELECT
    *,
    fault IS NULL AND min(told) OVER same_file <> max(told) OVER same_file AS is_contradictory,
    row_number() OVER (PARTITION BY point_id, time_min, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY point_id, time_min, arrival, fault IS NULL)
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN arrival END) OVER (PARTITION BY point_id, time_min) AS newest
  FROM compared
)
SELECT
  source,
  point_id,
  latitude,
  longitude,
  CASE WHEN fault IS NULL THEN instant_at(time_min) END AS hour_start,
  temperature_c,
  wind_m_per_s,
  cloud_percent,
  humidity_percent,
  pressure_hpa,
  precipitation_mm,
  irradiance_w_per_m2,
  CASE
    WHEN fault IS NOT NULL OR is_contradictory THEN 'rejected'
    WHEN arrival < newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  CASE WHEN is_contradictory THEN 'hour told twice in one file, differently: ' || time_text ELSE fault END AS reason,
  arrival,
  file,
  sha256,
  row_number,
  utc_date,
  month_of(utc_date) AS month
FROM settled
