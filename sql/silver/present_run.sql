-- The local days that a series has readings of, as runs of days on end: each from first_date to last_date, cut at the
-- ends of months, so that a day that arrives changes those of its own month alone. The resolution is the finest of
-- the run's days, the source their first by name. first_interval_start tells on which grid the series' intervals lie:
-- UTC's hours begin at half past the hours of Kolkata.
-- key: client_id, meter_id, fuel, channel, first_date
-- increment: month
WITH spanned AS (
  SELECT
    client_id, meter_id, fuel, channel, month,
    min(source) AS source,
    min(res_min) AS res_min,
    min(tz) AS tz,
    min(day_start_min) AS day_start_min,
    min(first_interval_start) AS first_interval_start,
    min(local_date) AS first_date,
    max(local_date) AS last_date,
    count(*) AS days
  FROM gold.energy_day
  GROUP BY client_id, meter_id, fuel, channel, month
),
-- Most series have every day of a month: only the others' days are looked at one by one.
broken AS (
  SELECT client_id, meter_id, fuel, channel, month FROM spanned WHERE days <= unix_date(last_date) - unix_date(first_date)
),
numbered AS (
  SELECT day.*,
    unix_date(day.local_date) - row_number() OVER (
      PARTITION BY day.client_id, day.meter_id, day.fuel, day.channel, day.month ORDER BY day.local_date
    ) AS run
  FROM gold.energy_day AS day
  JOIN broken
    ON broken.client_id = day.client_id
    AND broken.meter_id = day.meter_id
    AND broken.fuel = day.fuel
    AND broken.channel = day.channel
    AND broken.month = day.month
),
run AS (
  SELECT client_id, meter_id, fuel, channel, month, source, res_min, tz, day_start_min, first_interval_start, first_date, last_date
  FROM spanned
  WHERE days > unix_date(last_date) - unix_date(first_date)
  UNION ALL
  SELECT client_id, meter_id, fuel, channel, month,
    min(source), min(res_min), min(tz), min(day_start_min), min(first_interval_start), min(local_date), max(local_date)
  FROM numbered
  GROUP BY client_id, meter_id, fuel, channel, month, run
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  first_date,
  last_date,
  source,
  CAST(res_min AS INTEGER) AS res_min,
  tz,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  first_interval_start,
  month
FROM run
