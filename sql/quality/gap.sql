-- The gaps of a series: a row for each stretch of time between its first and its last day that has no reading, for one
-- cause, however many days it lasts. gap_start and gap_end are UTC instants, the end not included. kind says whether
-- it holds a whole local day or more (whole days) or not (within a day). cause says what to ask the sender for:
-- no value (it sent the intervals, empty), rejected (it sent what can't be right: silver.reading_reject), never arrived.
-- key: client_id, meter_id, fuel, channel, gap_start
WITH part AS (
  SELECT
    *,
    CASE WHEN lag(gap_end) OVER (PARTITION BY client_id, meter_id, fuel, channel, res_min, cause, source ORDER BY gap_start) = gap_start
      THEN 0 ELSE 1 END AS is_begin
  FROM quality.gap_day
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
  max(local_date) AS last_date,
  CAST(count(DISTINCT whole_date) AS INTEGER) AS whole_days,
  CASE WHEN count(whole_date) > 0 THEN 'whole days' ELSE 'within a day' END AS kind,
  cause,
  source
FROM numbered
GROUP BY client_id, meter_id, fuel, channel, res_min, cause, source, gap
