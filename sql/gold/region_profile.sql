-- The typical hours of a region: the mean and the 90th percentile of their energy by season, weekday (1 is Monday) and local hour. The
-- percentile is the least of the hours that 90 % don't exceed, so it is itself one of them; the mean is rounded half up. Seasons are
-- those of the northern half of the earth, in whole months: spring is March to May.
-- key: source, region, season, weekday, local_hour
WITH hour AS (
  SELECT
    source,
    region,
    CASE
      WHEN month(local_date) IN (3, 4, 5) THEN 'spring'
      WHEN month(local_date) IN (6, 7, 8) THEN 'summer'
      WHEN month(local_date) IN (9, 10, 11) THEN 'autumn'
      ELSE 'winter'
    END AS season,
    iso_weekday(local_date) AS weekday,
    local_hour,
    energy_kwh
  FROM silver.regional_load
),
profile AS (
  SELECT source, region, season, weekday, local_hour,
    count(*) AS hours, sum(energy_kwh) AS total_kwh, p10_p50_p90(collect_list(energy_kwh)) AS quantiles_kwh
  FROM hour
  GROUP BY source, region, season, weekday, local_hour
)
SELECT
  source,
  region,
  season,
  weekday,
  local_hour,
  CAST(hours AS BIGINT) AS hours,
  kwh(rounded_quotient(micro_kwh(total_kwh), hours)) AS mean_kwh,
  CAST(try_element_at(quantiles_kwh, 3) AS DECIMAL(18, 6)) AS p90_kwh
FROM profile
