-- The energy of all smart meters in a half hour, supplied under an agreement or not, and how many meter points they are.
-- local_date and month are the half hour's in its source's zone: what is rebuilt when readings change.
-- key: interval_start
-- increment: local_date
SELECT
  interval_start,
  CAST(sum(total_kwh) AS DECIMAL(18, 6)) AS total_kwh,
  CAST(sum(meterpoint_count) AS BIGINT) AS meterpoint_count,
  local_date,
  month
FROM silver.product_half_hour
GROUP BY interval_start, local_date, month
