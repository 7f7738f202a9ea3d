-- A time as files of smart meters name it, read once for all the readings that bear it: a time with an offset is an
-- instant; of others the source's policy says whose clock they are read from: UTC's, or the local one. label_problem says why it can't be read.
-- The settings of its source stand beside it.
-- key: source, label
-- stored: no
-- held: yes
WITH setting AS (
  SELECT
    source,
    client_id,
    fuel,
    channel,
    tz,
    policy,
    day_start_min,
    CASE WHEN max_kwh_per_hour < 200000000 THEN micro_kwh(max_kwh_per_hour) END AS max_micro_kwh_per_hour,
    CAST(quotient(100000000000000, CAST(micro_kwh_per_unit AS BIGINT)) AS DECIMAL(18, 6)) AS max_value,
    unit,
    decimal_mark AS decimal_mark_set,
    time_format,
    CASE WHEN label_at <> 'start' THEN 30 ELSE 0 END AS minutes_late
  FROM bronze.source
),
cut AS (
  SELECT
    setting.*,
    told.interval_start AS label,
    iso_stamp(told.interval_start, setting.time_format) AS stamp
  FROM (SELECT DISTINCT source, interval_start FROM bronze.smart_meter_reading) AS told
  JOIN setting ON setting.source = told.source
),
timed AS (
  SELECT
    *,
    CASE WHEN stamp_offset(stamp) IS NULL THEN policy ELSE 'utc' END AS clock,
    whole_minutes(utc_seconds(stamp)) - minutes_late AS start_min
  FROM cut
),
judged AS (
  SELECT
    *,
    CASE
      WHEN label IS NULL THEN 'label missing'
      WHEN start_min IS NULL THEN 'label unreadable: ' || label
      WHEN start_min NOT BETWEEN -60 AND 68899679 THEN 'date outside 1970 to 2100: ' || label
    END AS label_problem,
    clock IN ('variable_length', 'label_offset', 'label_3a_3b', 'fixed_standard_time') AS is_label_too_short
  FROM timed
),
placed_on_clock AS (
  SELECT
    judged.*,
    CASE WHEN label_problem IS NULL AND clock = 'utc' THEN start_min END AS instant_min,
    CASE WHEN label_problem IS NULL AND clock <> 'utc' THEN start_min - day_start_min END AS local_min,
    CASE WHEN label_problem IS NULL AND clock = 'utc' THEN
      start_min + CASE WHEN start_min % 1440 < utc_day.shift_at_min THEN utc_day.offset_min ELSE utc_day.offset_after_min END
    END AS clock_min
  FROM judged
  JOIN silver.utc_day AS utc_day
    ON utc_day.tz = judged.tz
    AND utc_day.utc_day = CASE WHEN label_problem IS NULL THEN quotient(greatest(start_min, 0), 1440) ELSE 0 END
),
dated AS (
  SELECT
    *,
    CAST(CASE WHEN label_problem IS NULL THEN quotient(coalesce(clock_min - day_start_min, local_min) + 1440, 1440) - 1 ELSE -1 END AS INTEGER) AS local_day
  FROM placed_on_clock
)
SELECT
  source,
  label,
  client_id,
  fuel,
  channel,
  tz,
  clock AS policy,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  max_micro_kwh_per_hour,
  max_value,
  unit,
  decimal_mark_set,
  label_problem,
  is_label_too_short,
  CASE WHEN instant_min IS NOT NULL THEN instant_at(instant_min) END AS instant,
  -- Half hours of UTC, or of the local clock.
  CASE WHEN instant_min IS NOT NULL THEN instant_min % 30 = 0 OR clock_min % 30 = 0 END AS is_on_grid,
  CAST(local_min - local_day * 1440 AS INTEGER) AS label_min,
  date_from_unix_date(local_day) AS local_date,
  month_of(date_from_unix_date(local_day)) AS month
FROM dated
