-- The gaps of a series: a row for each stretch of time between its first and its last day that has no reading, for one
-- cause, however many days it lasts. gap_start and gap_end are UTC instants, the end not included. kind says whether
-- it holds a whole local day or more (whole days) or not (within a day). cause says what to ask the sender for:
-- no value (it sent the intervals, empty), rejected (it sent what can't be right: silver.reading_reject), never arrived.
-- A series that is told by months alone lacks whole months.
-- key: client_id, meter_id, fuel, channel, gap_start
WITH month AS (
  SELECT
    reading.client_id,
    reading.meter_id,
    reading.fuel,
    reading.channel,
    reading.source,
    source.tz,
    source.day_start_min,
    reading.interval_start,
    lead(reading.interval_start) OVER (
      PARTITION BY reading.client_id, reading.meter_id, reading.fuel, reading.channel ORDER BY reading.interval_start
    ) AS next_start
  FROM silver.reading AS reading
  JOIN bronze.source AS source ON source.source = reading.source
  LEFT JOIN (SELECT DISTINCT client_id, meter_id, fuel, channel FROM silver.span_day) AS daily
    ON daily.client_id = reading.client_id
    AND daily.meter_id = reading.meter_id
    AND daily.fuel = reading.fuel
    AND daily.channel = reading.channel
  WHERE reading.res_min = 43200 AND daily.client_id IS NULL
),
-- Of a series told by months alone, the months between two others.
absent_month AS (
  SELECT month.client_id, month.meter_id, month.fuel, month.channel, month.source,
    length.day_start AS gap_start,
    length.day_minutes AS minutes,
    length.local_date,
    -- A month with a change of the clock is an hour off its days.
    quotient(length.day_minutes + 720, 1440) AS days
  FROM month
  JOIN silver.day_length AS length
    ON length.tz = month.tz
    AND length.day_start_min = month.day_start_min
    AND length.res_min = 43200
    AND length.day_start > month.interval_start
    AND length.day_start < month.next_start
),
missing AS (
  SELECT client_id, meter_id, fuel, channel, res_min, gap_start, gap_end, missing_intervals, missing_minutes,
    local_date, local_date AS last_date, is_whole, cause, source, 0 AS further_days
  FROM quality.gap_day
  UNION ALL
  SELECT client_id, meter_id, fuel, channel, 43200, gap_start, instant_at(unix_minutes(gap_start) + minutes), 1, minutes,
    local_date, date_from_unix_date(CAST(unix_date(local_date) + days - 1 AS INTEGER)), true, 'never arrived', source, days - 1
  FROM absent_month
),
part AS (
  SELECT
    *,
    CASE WHEN lag(gap_end) OVER (PARTITION BY client_id, meter_id, fuel, channel, res_min, cause, source ORDER BY gap_start) = gap_start
      THEN 0 ELSE 1 END AS is_begin
  FROM missing
),
numbered AS (
  SELECT
    *,
    sum(is_begin) OVER (PARTITION BY client_id, meter_id, fuel, channel, res_min, cause, source ORDER BY gap_start) AS gap,
    CASE WHEN is_whole THEN local_date END AS whole_date
  FROM part
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  CAST(res_min AS INTEGER) AS res_min,
  min(gap_start) AS gap_start,
  max(gap_end) AS gap_end,
  CAST(sum(missing_intervals) AS BIGINT) AS missing_intervals,
  CAST(sum(missing_minutes) AS BIGINT) AS missing_minutes,
  min(local_date) AS local_date,
  max(last_date) AS last_date,
  CAST(count(DISTINCT whole_date) + sum(further_days) AS INTEGER) AS whole_days,
  CASE WHEN count(whole_date) > 0 THEN 'whole days' ELSE 'within a day' END AS kind,
  cause,
  source
FROM numbered
GROUP BY client_id, meter_id, fuel, channel, res_min, cause, source, gap
