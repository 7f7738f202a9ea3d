-- The local days that tell how far a series reaches and where it is broken: its first, its last, and each one between
-- them without a reading (absent). An absent day has the resolution and the source of the day before the break.
-- key: client_id, meter_id, fuel, channel, local_date, kind
-- increment: local_date
WITH ended AS (
  SELECT run.*
  FROM silver.present_run AS run
  LEFT JOIN silver.present_run AS next
    ON next.client_id = run.client_id
    AND next.meter_id = run.meter_id
    AND next.fuel = run.fuel
    AND next.channel = run.channel
    AND unix_date(next.first_date) = unix_date(run.last_date) + 1
  WHERE next.client_id IS NULL
),
begun AS (
  SELECT run.*
  FROM silver.present_run AS run
  LEFT JOIN silver.present_run AS before
    ON before.client_id = run.client_id
    AND before.meter_id = run.meter_id
    AND before.fuel = run.fuel
    AND before.channel = run.channel
    AND unix_date(before.last_date) = unix_date(run.first_date) - 1
  WHERE before.client_id IS NULL
),
edge AS (
  SELECT client_id, meter_id, fuel, channel, first_date AS local_date, 'begin' AS edge, source, res_min, tz, day_start_min, first_interval_start FROM begun
  UNION ALL
  SELECT client_id, meter_id, fuel, channel, last_date, 'end', source, res_min, tz, day_start_min, first_interval_start FROM ended
),
followed AS (
  SELECT
    *,
    lag(local_date) OVER series AS previous_date,
    lead(local_date) OVER series AS next_date
  FROM edge
  WINDOW series AS (PARTITION BY client_id, meter_id, fuel, channel ORDER BY local_date, edge)
),
span_day AS (
  SELECT *, CASE edge WHEN 'begin' THEN 'first' ELSE 'last' END AS kind
  FROM followed
  WHERE CASE edge WHEN 'begin' THEN previous_date ELSE next_date END IS NULL
  UNION ALL
  SELECT broken.client_id, broken.meter_id, broken.fuel, broken.channel, length.local_date, broken.edge, broken.source,
    broken.res_min, broken.tz, broken.day_start_min, broken.first_interval_start, broken.previous_date, broken.next_date, 'absent' AS kind
  FROM followed AS broken
  JOIN silver.day_length AS length
    ON length.tz = broken.tz
    AND length.day_start_min = broken.day_start_min
    AND length.res_min = broken.res_min
    AND length.local_date > broken.local_date
    AND length.local_date < broken.next_date
  WHERE broken.edge = 'end'
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
