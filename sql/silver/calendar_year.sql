-- The local years that the arrived data spans, per zone and day start: those that silver.slot lists.
-- Labels reach a day further both ways: an instant's local date may lie in the next year or in the last.
-- key: tz, day_start_min, year
WITH arrived AS (
  SELECT DISTINCT tz, day_start_min, local_date FROM silver.meter_day
  UNION
  SELECT DISTINCT tz, day_start_min, date_from_unix_date(unix_date(local_date) - 1) FROM silver.meter_interval
  UNION
  SELECT DISTINCT tz, day_start_min, date_from_unix_date(unix_date(local_date) + 1) FROM silver.meter_interval
  UNION
  -- A clock that never changes is at most an hour off the local one.
  SELECT DISTINCT source.tz, CAST(0 AS INTEGER), date_from_unix_date(unix_date(load.label_date) + near.days)
  FROM bronze.load_row AS load
  JOIN bronze.source AS source ON source.source = load.source
  CROSS JOIN (SELECT -1 AS days UNION ALL SELECT 1) AS near
)
SELECT DISTINCT tz, day_start_min, CAST(year(local_date) AS INTEGER) AS year
FROM arrived
WHERE local_date BETWEEN DATE '1970-01-01' AND DATE '2100-12-31'
