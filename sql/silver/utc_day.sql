-- One row a zone and UTC day that smart meters' times may name: how far ahead of UTC the local clock is when the day
-- begins, the minute at which that changes (1440 on a day without a change), and how far ahead it is from then on.
-- key: tz, utc_day
-- shared: yes
-- portable: no
WITH told AS (
  SELECT DISTINCT source, interval_start FROM bronze.smart_meter_reading
),
named AS (
  SELECT DISTINCT source.tz, try_cast(substr(iso_stamp(told.interval_start, source.time_format), 1, 4) AS INTEGER) AS year
  FROM told
  JOIN bronze.source AS source ON source.source = told.source
  UNION
  -- The first day of all stands for times that can't be read.
  SELECT DISTINCT source.tz, 1970
  FROM told
  JOIN bronze.source AS source ON source.source = told.source
),
day AS (
  -- A time may be of the year before or after by UTC: an interval's end, or a time with an offset.
  SELECT DISTINCT tz, unix_date(CAST(unnest(generate_series(
    make_date(year, 1, 1) - to_days(1), make_date(year, 12, 31) + to_days(1), to_days(1))) AS DATE)) AS utc_day
  FROM named
  WHERE year BETWEEN 1970 AND 2100
),
ahead AS (
  SELECT *,
    local_minutes(utc_day * CAST(1440 AS BIGINT), tz) - utc_day * 1440 AS offset_min,
    local_minutes((utc_day + 1) * CAST(1440 AS BIGINT), tz) - (utc_day + 1) * 1440 AS offset_after_min
  FROM day
  WHERE utc_day >= 0
),
shift AS (
  SELECT tz, utc_day, min(minute) AS shift_at_min
  FROM ahead, generate_series(15, 1440, 15) AS quarter(minute)
  WHERE offset_min <> offset_after_min
    AND local_minutes(CAST(utc_day * 1440 + minute AS BIGINT), tz) - (utc_day * 1440 + minute) <> offset_min
  GROUP BY tz, utc_day
)
SELECT
  ahead.tz,
  CAST(ahead.utc_day AS INTEGER) AS utc_day,
  CAST(ahead.offset_min AS INTEGER) AS offset_min,
  CAST(coalesce(shift.shift_at_min, 1440) AS INTEGER) AS shift_at_min,
  CAST(ahead.offset_after_min AS INTEGER) AS offset_after_min
FROM ahead
LEFT JOIN shift ON shift.tz = ahead.tz AND shift.utc_day = ahead.utc_day
