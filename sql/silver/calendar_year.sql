-- The local years that the arrived data spans, per zone and day start: those that silver.slot lists.
-- Labels reach a day further both ways: an instant's local date may lie in the next year or in the last.
-- key: tz, day_start_min, year
WITH arrived AS (
  SELECT DISTINCT tz, day_start_min, local_date FROM silver.meter_day
  UNION
  SELECT DISTINCT tz, day_start_min, date_from_unix_date(unix_date(local_date) - 1) FROM silver.meter_interval
  UNION
  SELECT DISTINCT tz, day_start_min, date_from_unix_date(unix_date(local_date) + 1) FROM silver.meter_interval
)
SELECT DISTINCT tz, day_start_min, CAST(year(local_date) AS INTEGER) AS year
FROM arrived
WHERE local_date BETWEEN DATE '1970-01-01' AND DATE '2100-12-31'
