-- The weather of a point by UTC hour: what was observed at hour_start; precipitation and irradiance are those of the hour before it.
-- Where up to three hours in a row lack a value, it lies on the line between the values before and after, and interpolated
-- names it; longer gaps stay NULL, or without a row. Precipitation comes in showers, so none is interpolated.
-- key: point_id, hour_start
WITH kept AS (
  SELECT *, quotient(unix_minutes(hour_start), 60) AS hour
  FROM silver.weather_record
  WHERE fate = 'kept'
),
value AS (
  SELECT point_id, hour, 'temperature_c' AS name, temperature_c AS value FROM kept WHERE temperature_c IS NOT NULL
  UNION ALL
  SELECT point_id, hour, 'wind_m_per_s' AS name, wind_m_per_s AS value FROM kept WHERE wind_m_per_s IS NOT NULL
  UNION ALL
  SELECT point_id, hour, 'cloud_percent' AS name, cloud_percent AS value FROM kept WHERE cloud_percent IS NOT NULL
  UNION ALL
  SELECT point_id, hour, 'humidity_percent' AS name, humidity_percent AS value FROM kept WHERE humidity_percent IS NOT NULL
  UNION ALL
  SELECT point_id, hour, 'pressure_hpa' AS name, pressure_hpa AS value FROM kept WHERE pressure_hpa IS NOT NULL
  UNION ALL
  SELECT point_id, hour, 'irradiance_w_per_m2' AS name, irradiance_w_per_m2 AS value FROM kept WHERE irradiance_w_per_m2 IS NOT NULL
),
followed AS (
  SELECT
    *,
    lead(hour) OVER (PARTITION BY point_id, name ORDER BY hour) - hour AS hours,
    lead(value) OVER (PARTITION BY point_id, name ORDER BY hour) AS next_value
  FROM value
),
filled AS (
  SELECT point_id, hour + step AS hour, name, CAST(mean_of(value * (hours - step) + next_value * step, hours) AS DECIMAL(18, 6)) AS value
  FROM followed
  JOIN (SELECT CAST(1 AS BIGINT) AS step UNION ALL SELECT 2 UNION ALL SELECT 3) AS missing ON missing.step < followed.hours
  WHERE hours BETWEEN 2 AND 4
),
gap AS (
  SELECT
    point_id,
    hour,
    max(CASE WHEN name = 'temperature_c' THEN value END) AS temperature_c,
    max(CASE WHEN name = 'wind_m_per_s' THEN value END) AS wind_m_per_s,
    max(CASE WHEN name = 'cloud_percent' THEN value END) AS cloud_percent,
    max(CASE WHEN name = 'humidity_percent' THEN value END) AS humidity_percent,
    max(CASE WHEN name = 'pressure_hpa' THEN value END) AS pressure_hpa,
    max(CASE WHEN name = 'irradiance_w_per_m2' THEN value END) AS irradiance_w_per_m2,
    max(CASE WHEN name = 'temperature_c' THEN ' temperature_c' ELSE '' END)
      || max(CASE WHEN name = 'wind_m_per_s' THEN ' wind_m_per_s' ELSE '' END)
      || max(CASE WHEN name = 'cloud_percent' THEN ' cloud_percent' ELSE '' END)
      || max(CASE WHEN name = 'humidity_percent' THEN ' humidity_percent' ELSE '' END)
      || max(CASE WHEN name = 'pressure_hpa' THEN ' pressure_hpa' ELSE '' END)
      || max(CASE WHEN name = 'irradiance_w_per_m2' THEN ' irradiance_w_per_m2' ELSE '' END) AS interpolated
  FROM filled
  GROUP BY point_id, hour
),
place AS (
  SELECT point_id, max(latitude) AS latitude, max(longitude) AS longitude FROM kept GROUP BY point_id
),
whole AS (
  SELECT
    coalesce(kept.point_id, gap.point_id) AS point_id,
    coalesce(kept.hour, gap.hour) AS hour,
    coalesce(kept.temperature_c, gap.temperature_c) AS temperature_c,
    coalesce(kept.wind_m_per_s, gap.wind_m_per_s) AS wind_m_per_s,
    coalesce(kept.cloud_percent, gap.cloud_percent) AS cloud_percent,
    coalesce(kept.humidity_percent, gap.humidity_percent) AS humidity_percent,
    coalesce(kept.pressure_hpa, gap.pressure_hpa) AS pressure_hpa,
    coalesce(kept.irradiance_w_per_m2, gap.irradiance_w_per_m2) AS irradiance_w_per_m2,
    kept.precipitation_mm,
    gap.interpolated,
    kept.source,
    kept.arrival,
    kept.row_number
  FROM kept
  FULL JOIN gap ON gap.point_id = kept.point_id AND gap.hour = kept.hour
)
SELECT
  whole.point_id,
  place.latitude,
  place.longitude,
  instant_at(whole.hour * 60) AS hour_start,
  whole.temperature_c,
  whole.wind_m_per_s,
  whole.cloud_percent,
  whole.humidity_percent,
  whole.pressure_hpa,
  whole.precipitation_mm,
  whole.irradiance_w_per_m2,
  replace(trim(whole.interpolated), ' ', ', ') AS interpolated,
  whole.source,
  whole.arrival,
  whole.row_number,
  month_of(date_from_unix_date(CAST(quotient(whole.hour, 24) AS INTEGER))) AS month
FROM whole
JOIN place ON place.point_id = whole.point_id
