-- The times by which rows tell their intervals, each read once for all the rows that bear it: as an instant where it names one,
-- else as minutes on the local clock. problem says why a time can't be read; it then stands on 1969-12-31.
-- An interval is known by its start; where a row has only its end, its start is one interval earlier. A label is a date,
-- then T or a space, then the hour, then :MM or :MM:SS if it likes, then Z or an offset, or what its policy adds:
-- A or B (label_3a_3b: 2022-10-30 3A, 2022-10-30 02:30B). variable_length has a slot's number instead of an hour:
-- 2022-10-30 25. A time with an offset is an instant whatever the source's policy is, so its policy here is utc.
-- A day and a month may be told by their dates alone. is_register tells that the time is that of a register's reading; it has no
-- resolution, and res_min then is the calendar's least.
-- key: source, interval_start, interval_end, label, resolution, is_register
-- stored: no
-- held: yes
WITH told AS (
  SELECT DISTINCT source, interval_start, interval_end, label, resolution, coalesce(kind, '') = 'register' AS is_register
  FROM bronze.interval_row
),
named AS (
  SELECT
    told.*,
    source.tz,
    source.policy AS source_policy,
    source.day_start_min,
    nullif(trim(told.resolution), '') AS said,
    coalesce(nullif(trim(told.interval_start), ''), nullif(trim(told.label), ''), nullif(trim(told.interval_end), '')) AS stamp,
    NOT told.is_register AND source.policy <> 'variable_length' AND coalesce(trim(told.interval_start), '') = ''
      AND (source.label_at = 'end' OR coalesce(trim(told.label), '') = '') AS is_end,
    CASE WHEN NOT told.is_register AND (coalesce(trim(told.interval_start), '') <> '' OR (coalesce(trim(told.label), '') <> '' AND source.label_at <> 'end'))
      THEN nullif(trim(told.interval_end), '') END AS until_stamp
  FROM told
  JOIN bronze.source AS source ON source.source = told.source
),
cut AS (
  SELECT
    *,
    stamp_part(stamp, 1) AS date_text,
    stamp_part(stamp, 4) AS hour_text,
    stamp_part(stamp, 6) AS minute_text,
    stamp_part(stamp, 9) AS suffix,
    stamp_part(until_stamp, 1) AS until_date_text,
    stamp_part(until_stamp, 4) AS until_hour_text,
    stamp_part(until_stamp, 6) AS until_minute_text,
    stamp_part(until_stamp, 9) AS until_suffix
  FROM named
),
typed AS (
  SELECT
    *,
    CAST(unix_date(try_cast(nullif(date_text || CASE WHEN length(date_text) = 7 THEN '-01' ELSE '' END, '') AS DATE)) AS BIGINT) AS label_day,
    CAST(nullif(hour_text, '') AS INTEGER) AS label_hour,
    coalesce(CAST(nullif(minute_text, '') AS INTEGER), 0) AS label_minute,
    CASE
      WHEN suffix = 'Z' THEN 0
      WHEN substr(suffix, 1, 1) IN ('+', '-') THEN CAST(substr(suffix, 1, 1) || '1' AS INTEGER)
        * (60 * CAST(substr(suffix, 2, 2) AS INTEGER) + CAST(rpad(substr(replace(suffix, ':', ''), 4, 2), 2, '0') AS INTEGER))
    END AS offset_min,
    CASE suffix WHEN 'A' THEN 1 WHEN 'B' THEN 2 END AS turn,
    CAST(unix_date(try_cast(nullif(until_date_text || CASE WHEN length(until_date_text) = 7 THEN '-01' ELSE '' END, '') AS DATE)) AS BIGINT) AS until_day,
    CAST(nullif(until_hour_text, '') AS INTEGER) AS until_hour,
    coalesce(CAST(nullif(until_minute_text, '') AS INTEGER), 0) AS until_minute,
    CASE
      WHEN until_suffix = 'Z' THEN 0
      WHEN substr(until_suffix, 1, 1) IN ('+', '-') THEN CAST(substr(until_suffix, 1, 1) || '1' AS INTEGER)
        * (60 * CAST(substr(until_suffix, 2, 2) AS INTEGER) + CAST(rpad(substr(replace(until_suffix, ':', ''), 4, 2), 2, '0') AS INTEGER))
    END AS until_offset_min,
    CASE said WHEN '15min' THEN 15 WHEN '30min' THEN 30 WHEN '60min' THEN 60 WHEN 'day' THEN 1440 WHEN 'month' THEN 43200 END AS said_min
  FROM cut
),
clocked AS (
  SELECT
    *,
    CASE WHEN offset_min IS NULL OR source_policy IN ('utc', 'label_offset') THEN source_policy ELSE 'utc' END AS policy,
    -- A date alone names the beginning of its day, which may be later than midnight.
    label_day * 1440 + coalesce(label_hour * 60 + label_minute, day_start_min) AS clock_min,
    until_day * 1440 + coalesce(until_hour * 60 + until_minute, day_start_min) AS until_clock_min,
    -- The standard offset is the lesser of January's and July's: no zone's clock is set back for its summer.
    CASE WHEN source_policy = 'fixed_standard_time' THEN least(
      local_minutes(unix_date(try_cast(substr(date_text, 1, 4) || '-01-01' AS DATE)) * CAST(1440 AS BIGINT), tz)
        - unix_date(try_cast(substr(date_text, 1, 4) || '-01-01' AS DATE)) * CAST(1440 AS BIGINT),
      local_minutes(unix_date(try_cast(substr(date_text, 1, 4) || '-07-01' AS DATE)) * CAST(1440 AS BIGINT), tz)
        - unix_date(try_cast(substr(date_text, 1, 4) || '-07-01' AS DATE)) * CAST(1440 AS BIGINT)) END AS standard_offset_min
  FROM typed
),
spanned AS (
  -- From start to end: in real time, where both are instants, and by the local clock. On a day whose clock shifts the two
  -- differ by the shift: that of the offset from noon to noon.
  SELECT
    *,
    (until_clock_min - until_offset_min) - (clock_min - offset_min) AS real_minutes,
    CASE WHEN until_offset_min IS NULL THEN until_clock_min
      ELSE local_minutes(CAST(until_clock_min - until_offset_min AS BIGINT), tz) END - day_start_min AS until_wall_min,
    CASE WHEN until_stamp IS NULL THEN NULL WHEN offset_min IS NULL THEN clock_min
      ELSE local_minutes(CAST(clock_min - offset_min AS BIGINT), tz) END - day_start_min AS wall_min,
    CASE WHEN until_stamp IS NOT NULL AND offset_min IS NULL AND source_policy <> 'fixed_standard_time' THEN
      local_minutes(CAST(label_day * 1440 + 2160 AS BIGINT), tz) - local_minutes(CAST(label_day * 1440 - 720 AS BIGINT), tz) - 2880 END AS shift_min
  FROM clocked
),
ended AS (
  SELECT
    *,
    CASE
      WHEN real_minutes IN (15, 30, 60) THEN real_minutes
      WHEN real_minutes IS NULL AND until_wall_min - wall_min IN (15, 30, 60) THEN until_wall_min - wall_min
      WHEN real_minutes IS NULL AND until_wall_min - wall_min - shift_min IN (15, 30, 60) THEN until_wall_min - wall_min - shift_min
      WHEN until_wall_min - wall_min = 1440 THEN 1440
      WHEN wall_min % 1440 = 0 AND until_wall_min % 1440 = 0
        AND day(date_from_unix_date(CAST(quotient(wall_min, 1440) AS INTEGER))) = 1
        AND day(date_from_unix_date(CAST(quotient(until_wall_min, 1440) AS INTEGER))) = 1
        AND until_wall_min - wall_min BETWEEN 28 * 1440 AND 31 * 1440 THEN 43200
    END AS ended_min
  FROM spanned
),
resolved AS (
  SELECT
    *,
    CASE
      WHEN is_register THEN 15
      WHEN said IS NOT NULL THEN said_min
      WHEN until_stamp IS NOT NULL THEN ended_min
      -- Labels of old are hours where nothing says what they are.
      WHEN coalesce(trim(label), '') <> '' THEN 60
    END AS res_min
  FROM ended
),
judged AS (
  SELECT
    *,
    CASE
      WHEN stamp IS NULL THEN 'start missing'
      WHEN label_day IS NULL OR abs(offset_min) > 840 THEN 'label unreadable: ' || stamp
      WHEN label_day NOT BETWEEN 0 AND 47846 THEN 'date outside 1970 to 2100: ' || stamp
      WHEN NOT is_register AND said IS NOT NULL AND said_min IS NULL THEN 'unknown resolution: ' || said
      WHEN until_stamp IS NOT NULL AND (until_day IS NULL OR until_minute > 59 OR abs(until_offset_min) > 840) THEN 'end unreadable: ' || until_stamp
      WHEN until_stamp IS NOT NULL AND (offset_min IS NULL) <> (until_offset_min IS NULL)
        THEN 'start and end are not of one clock: ' || stamp || ' to ' || until_stamp
      WHEN coalesce(real_minutes, CASE WHEN ended_min IS NULL THEN until_wall_min - wall_min END) <= 0
        THEN 'end is not after start: ' || stamp || ' to ' || until_stamp
      WHEN said_min IS NOT NULL AND until_stamp IS NOT NULL AND coalesce(ended_min, 0) <> said_min
        THEN 'end does not agree with resolution ' || said || ': ' || stamp || ' to ' || until_stamp
      WHEN res_min IS NULL AND until_stamp IS NOT NULL
        THEN 'neither 15, 30 nor 60 minutes, a day nor a month: ' || stamp || ' to ' || until_stamp
      WHEN res_min IS NULL THEN 'resolution missing, and no end says it: ' || stamp
      WHEN is_end AND res_min = 43200 THEN 'start missing: a month is known by it'
      WHEN length(date_text) = 7 AND res_min <> 43200 THEN 'label unreadable: ' || stamp
      WHEN label_hour IS NULL AND (res_min > 60 OR is_register) THEN NULL
      WHEN label_hour IS NULL THEN 'label unreadable: ' || stamp
      WHEN policy = 'variable_length' AND res_min <= 60 AND (minute_text <> '' OR suffix <> '' OR label_hour < 1)
        THEN 'label is no slot number: ' || stamp
      WHEN policy = 'variable_length' AND res_min <= 60 THEN NULL
      WHEN label_hour * 60 + label_minute > 1440 OR label_minute > 59 THEN 'label unreadable: ' || stamp
      WHEN policy = 'utc' AND source_policy = 'utc' AND coalesce(offset_min, 1) <> 0 THEN 'label is no UTC instant: ' || stamp
      WHEN policy = 'label_offset' AND offset_min IS NULL THEN 'label has no offset: ' || stamp
      WHEN policy <> 'label_3a_3b' AND turn IS NOT NULL THEN 'label unreadable: ' || stamp
    END AS problem
  FROM resolved
),
started AS (
  -- A day known by its end is the one before it by the local clock, however long it was.
  SELECT
    *,
    CASE WHEN problem IS NULL AND label_hour IS NOT NULL AND NOT (is_end AND res_min > 60) THEN
      CAST(clock_min - coalesce(offset_min, standard_offset_min) - CASE WHEN is_end THEN res_min ELSE 0 END AS BIGINT)
    END AS instant_min,
    CASE WHEN problem IS NOT NULL OR (policy = 'variable_length' AND res_min <= 60) THEN NULL
      WHEN is_end AND res_min > 60 AND label_hour IS NOT NULL AND coalesce(offset_min, standard_offset_min) IS NOT NULL THEN
        local_minutes(CAST(clock_min - coalesce(offset_min, standard_offset_min) AS BIGINT), tz) - day_start_min - res_min
      ELSE clock_min - day_start_min - CASE WHEN is_end THEN res_min ELSE 0 END
    END AS local_min
  FROM judged
),
placed_on_day AS (
  SELECT
    *,
    CASE
      WHEN problem IS NOT NULL THEN -1
      WHEN instant_min IS NULL AND local_min IS NULL THEN label_day
      ELSE quotient(CASE WHEN instant_min IS NULL THEN local_min ELSE local_minutes(instant_min, tz) - day_start_min END + 1440, 1440) - 1
    END AS local_day
  FROM started
)
SELECT
  source,
  interval_start,
  interval_end,
  label,
  resolution,
  is_register,
  tz,
  policy,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  stamp,
  CAST(res_min AS INTEGER) AS res_min,
  date_from_unix_date(CAST(local_day AS INTEGER)) AS local_date,
  CASE WHEN instant_min IS NOT NULL THEN instant_at(instant_min) END AS instant,
  -- A label's offset must be the one that the zone had: an hour that never was has none.
  policy = 'label_offset' AND label_hour IS NOT NULL AND local_minutes(CAST(clock_min - offset_min AS BIGINT), tz) <> clock_min AS is_untrue,
  -- Whole intervals of UTC, of the local clock, or of the source's own. A day's and a month's beginnings are the calendar's to know.
  CASE WHEN instant_min IS NOT NULL THEN
    res_min > 60
    OR is_register
    OR instant_min % res_min = 0
    OR local_minutes(instant_min, tz) % res_min = 0
    OR (instant_min + coalesce(standard_offset_min, 0)) % res_min = 0
  END AS is_on_grid,
  CAST(CASE WHEN instant_min IS NULL THEN local_min - local_day * 1440 END AS INTEGER) AS label_min,
  CAST(CASE WHEN problem IS NULL AND instant_min IS NULL AND local_min IS NULL THEN label_hour END AS INTEGER) AS slot,
  CAST(turn AS INTEGER) AS turn,
  problem,
  month_of(date_from_unix_date(CAST(local_day AS INTEGER))) AS month
FROM placed_on_day
