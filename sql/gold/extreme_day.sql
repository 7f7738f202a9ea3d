-- The days on which a region uses most, and their weather: whole days at or above the 95th percentile of the region's days, which is the
-- least of them that 95 % don't exceed. The weather is that of the point weather_point, over the hours of the region's local day;
-- it is NULL where there is none, and weather_hours says of how many hours it is.
-- key: source, region, local_date
-- param: weather_point = vilniaus-ams
WITH ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY source, region ORDER BY energy_kwh, local_date) AS place,
    count(*) OVER (PARTITION BY source, region) AS days
  FROM gold.region_day
  WHERE completeness = 1
),
threshold AS (
  SELECT source, region, energy_kwh AS p95_kwh
  FROM ranked
  WHERE place = quotient(95 * days + 99, 100)
),
extreme AS (
  SELECT ranked.source, ranked.region, ranked.local_date, ranked.energy_kwh, ranked.peak_kw, ranked.load_factor, ranked.days, threshold.p95_kwh
  FROM ranked
  JOIN threshold ON threshold.source = ranked.source AND threshold.region = ranked.region
  WHERE ranked.energy_kwh >= threshold.p95_kwh
),
weather AS (
  SELECT weather_hour.*
  FROM silver.weather_hour AS weather_hour
  JOIN parameter ON parameter.weather_point = weather_hour.point_id
),
day_weather AS (
  SELECT
    load.source,
    load.region,
    load.local_date,
    mean_of(sum(weather.temperature_c), count(weather.temperature_c)) AS mean_temperature_c,
    min(weather.temperature_c) AS min_temperature_c,
    max(weather.temperature_c) AS max_temperature_c,
    mean_of(sum(weather.wind_m_per_s), count(weather.wind_m_per_s)) AS mean_wind_m_per_s,
    sum(weather.precipitation_mm) AS precipitation_mm,
    count(*) AS weather_hours
  FROM silver.regional_load AS load
  JOIN weather ON weather.hour_start = load.interval_start
  GROUP BY load.source, load.region, load.local_date
)
SELECT
  extreme.source,
  extreme.region,
  extreme.local_date,
  extreme.energy_kwh,
  extreme.p95_kwh,
  extreme.peak_kw,
  extreme.load_factor,
  CAST(extreme.days AS BIGINT) AS days,
  CAST(day_weather.mean_temperature_c AS DECIMAL(18, 6)) AS mean_temperature_c,
  CAST(day_weather.min_temperature_c AS DECIMAL(18, 6)) AS min_temperature_c,
  CAST(day_weather.max_temperature_c AS DECIMAL(18, 6)) AS max_temperature_c,
  CAST(day_weather.mean_wind_m_per_s AS DECIMAL(18, 6)) AS mean_wind_m_per_s,
  CAST(day_weather.precipitation_mm AS DECIMAL(18, 6)) AS precipitation_mm,
  CAST(coalesce(day_weather.weather_hours, 0) AS INTEGER) AS weather_hours
FROM extreme
LEFT JOIN day_weather
  ON day_weather.source = extreme.source AND day_weather.region = extreme.region AND day_weather.local_date = extreme.local_date
