-- 8,760 readings of 100 Wh at distinct, contiguous hours.
SELECT count(*), count(DISTINCT interval_start), CAST(min(interval_start) AS VARCHAR), CAST(max(interval_start) AS VARCHAR),
  CAST(sum(energy_kwh) AS VARCHAR), CAST(min(energy_kwh) AS VARCHAR), CAST(max(energy_kwh) AS VARCHAR),
  date_diff('hour', min(interval_start), max(interval_start)) + 1 AS hours, count(*) FILTER (quality = 'split')
FROM silver.reading
