-- The local days that mark the span of a series and its breaks: its first, its last, and each one between
-- them without a reading (absent). An absent day has the resolution and the source of the day before the break.
-- key: client_id, meter_id, fuel, channel, local_date, kind
-- increment: local_date
WITH series AS (
  SELECT client_id, meter_id, fuel, channel,
    min(first_date) AS first_date,
    max(last_date) AS last_date,
    sum(unix_date(last_date) - unix_date(first_date) + 1) AS days
  FROM silver.present_run
  GROUP BY client_id, meter_id, fuel, channel
),
-- Most series have every day from their first to their last: only the others' runs are put in their order.
broken AS (
  SELECT client_id, meter_id, fuel, channel FROM series WHERE days <= unix_date(last_date) - unix_date(first_date)
),
followed AS (
  SELECT run.*, lead(run.first_date) OVER (
      PARTITION BY run.client_id, run.meter_id, run.fuel, run.channel ORDER BY run.first_date
    ) AS next_date
  FROM silver.present_run AS run
  JOIN broken
    ON broken.client_id = run.client_id
    AND broken.meter_id = run.meter_id
    AND broken.fuel = run.fuel
    AND broken.channel = run.channel
),
span_day AS (
  SELECT run.client_id, run.meter_id, run.fuel, run.channel, run.first_date AS local_date, 'first' AS kind,
    run.source, run.res_min, run.tz, run.day_start_min, run.first_interval_start
  FROM silver.present_run AS run
  JOIN series
    ON series.client_id = run.client_id
    AND series.meter_id = run.meter_id
    AND series.fuel = run.fuel
    AND series.channel = run.channel
    AND series.first_date = run.first_date
  UNION ALL
  SELECT run.client_id, run.meter_id, run.fuel, run.channel, run.last_date, 'last',
    run.source, run.res_min, run.tz, run.day_start_min, run.first_interval_start
  FROM silver.present_run AS run
  JOIN series
    ON series.client_id = run.client_id
    AND series.meter_id = run.meter_id
    AND series.fuel = run.fuel
    AND series.channel = run.channel
    AND series.last_date = run.last_date
  UNION ALL
  SELECT followed.client_id, followed.meter_id, followed.fuel, followed.channel, length.local_date, 'absent',
    followed.source, followed.res_min, followed.tz, followed.day_start_min, followed.first_interval_start
  FROM followed
  JOIN silver.day_length AS length
    ON length.tz = followed.tz
    AND length.day_start_min = followed.day_start_min
    AND length.res_min = followed.res_min
    AND length.local_date > followed.last_date
    AND length.local_date < followed.next_date
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  local_date,
  kind,
  source,
  CAST(res_min AS INTEGER) AS res_min,
  tz,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  first_interval_start
FROM span_day
