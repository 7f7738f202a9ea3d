-- The local dates that the arrived data names, per zone and day start: what the calendar is made for.
-- Labels reach a day further both ways: an instant's local date may lie in the next year or in the last.
-- stored: no
WITH labelled AS (
  SELECT DISTINCT tz, day_start_min, local_date FROM silver.meter_interval
)
SELECT DISTINCT tz, day_start_min, local_date FROM silver.meter_day
UNION
SELECT tz, day_start_min, date_from_unix_date(unix_date(local_date) - 1) FROM labelled
UNION
SELECT tz, day_start_min, date_from_unix_date(unix_date(local_date) + 1) FROM labelled
