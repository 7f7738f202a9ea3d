-- The local dates that the calendar is made for, by zone and start of the day: here those of homes, by their own clocks, on which
-- energy came, and those beside them.
SELECT DISTINCT
  home.time_zone AS tz,
  CAST(0 AS INTEGER) AS day_start_min,
  date_from_unix_date(unix_date(day.local_date) + near.days) AS local_date
FROM (SELECT DISTINCT time_zone FROM silver.home_profile) AS home
CROSS JOIN (SELECT DISTINCT local_date FROM silver.meter_interval UNION SELECT DISTINCT local_date FROM silver.meter_day) AS day
CROSS JOIN (SELECT -1 AS days UNION ALL SELECT 0 UNION ALL SELECT 1) AS near
