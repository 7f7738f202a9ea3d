-- A time as files of smart meters name it, read once for all the readings that bear it: YYYY-MM-DD HH:MM or HH:MM:00, and its
-- source's policy says what clock it is read from: UTC's, or the local one. label_problem says why it can't be read.
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
    CASE WHEN max_kwh_per_hour < 1000000000 THEN micro_kwh(max_kwh_per_hour) END AS max_micro_kwh_per_hour,
    CAST(quotient(100000000000000, CAST(micro_kwh_per_unit AS BIGINT)) AS DECIMAL(18, 6)) AS max_value,
    -- What micro-units are in micro-kWh: so many times as much, or such a part.
    CAST(CASE WHEN micro_kwh_per_unit >= 1000000 THEN quotient(CAST(micro_kwh_per_unit AS BIGINT), 1000000) ELSE 1 END AS BIGINT) AS unit_times,
    CAST(CASE WHEN micro_kwh_per_unit >= 1000000 THEN 1 ELSE quotient(1000000, CAST(micro_kwh_per_unit AS BIGINT)) END AS BIGINT) AS unit_parts,
    CASE WHEN label_at = 'end' THEN 30 ELSE 0 END AS minutes_late
  FROM bronze.source
),
cut AS (
  SELECT
    setting.*,
    told.interval_start AS label,
    CASE WHEN told.interval_start LIKE '____-__-__ __:__%' OR told.interval_start LIKE '____-__-__T__:__%'
      THEN unix_date(try_cast(substr(told.interval_start, 1, 10) AS DATE)) END AS label_day,
    try_cast(substr(told.interval_start, 12, 2) AS INTEGER) AS label_hour,
    try_cast(substr(told.interval_start, 15, 2) AS INTEGER) AS label_minute,
    substr(told.interval_start, 17) AS rest
  FROM (SELECT DISTINCT source, interval_start FROM bronze.smart_meter_reading) AS told
  JOIN setting ON setting.source = told.source
),
judged AS (
  SELECT
    *,
    CAST(label_day * 1440 + label_hour * 60 + label_minute - minutes_late AS BIGINT) AS start_min,
    CASE
      WHEN label IS NULL THEN 'label missing'
      WHEN label_day IS NULL OR label_hour IS NULL OR label_minute IS NULL THEN 'label unreadable: ' || label
      WHEN label_day NOT BETWEEN 0 AND 47846 THEN 'date outside 1970 to 2100: ' || label
      WHEN label_hour NOT BETWEEN 0 AND 23 OR label_minute NOT BETWEEN 0 AND 59 THEN 'label unreadable: ' || label
      WHEN rest NOT IN ('', ':00', ':00.000', ':00.000000') AND NOT (policy = 'utc' AND rest IN ('Z', ':00Z', ':00.000Z'))
        THEN 'label unreadable: ' || label
    END AS label_problem,
    policy IN ('variable_length', 'label_offset', 'label_3a_3b', 'fixed_standard_time') AS is_label_too_short
  FROM cut
),
placed_on_clock AS (
  SELECT
    judged.*,
    CASE WHEN label_problem IS NULL AND policy = 'utc' THEN start_min END AS instant_min,
    CASE WHEN label_problem IS NULL AND policy <> 'utc' THEN start_min - day_start_min END AS local_min,
    CASE WHEN label_problem IS NULL AND policy = 'utc' THEN
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
  policy,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  max_micro_kwh_per_hour,
  max_value,
  unit_times,
  unit_parts,
  label_problem,
  is_label_too_short,
  CASE WHEN instant_min IS NOT NULL THEN instant_at(instant_min) END AS instant,
  -- Half hours of UTC, or of the local clock.
  CASE WHEN instant_min IS NOT NULL THEN instant_min % 30 = 0 OR clock_min % 30 = 0 END AS is_on_grid,
  CAST(local_min - local_day * 1440 AS INTEGER) AS label_min,
  date_from_unix_date(local_day) AS local_date,
  month_of(date_from_unix_date(local_day)) AS month
FROM dated
