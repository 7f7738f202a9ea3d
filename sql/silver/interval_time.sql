-- The times by which rows name their intervals, each read once for all the rows that bear it: as an instant where it names one,
-- else as a label of the local clock. problem says why a time can't be read; it then stands on 1969-12-31. misfit says why one that
-- can be read names no interval by itself. docs/time.md has the grammar and what labels mean.
-- An interval is known by its start; where a row has only its end, its start is one interval earlier. The label of an end is the
-- local time of the instant at which the interval ends (label_at is end: is_end, and label_min is that time), or the start's label
-- plus the interval (end_by_clock, and an end that stands alone where labels are starts). label_3a_3b adds A or B to the labels of
-- a doubled hour: 2022-10-30 3A, 2022-10-30 02:30B. variable_length has a slot's number instead of an hour: 2022-10-30 25.
-- A time with an offset is an instant whatever the source's policy is, so its policy here is utc.
-- A day and a month may be named by their dates alone. is_register marks the time of a register's reading; it has no resolution, and
-- res_min then is the calendar's least.
-- label_turn is which of the intervals of its label and date a row means: 1 but for a second time that is known. A label that
-- happened twice, of which only the order of rows says which is meant, is_doubled: it stands for its first time, and the columns
-- second_… for its second. is_around_doubled marks the labels within a day of such an hour; is_first_by_end those of its first
-- time, as the row's end shows.
-- key: source, interval_start, interval_end, label, resolution, is_register
-- stored: no
-- held: yes
WITH stamped AS (
  SELECT source, interval_start, interval_end, label, resolution, coalesce(kind, '') = 'register' AS is_register
  FROM bronze.interval_row
  UNION
  SELECT source, CAST(NULL AS STRING), CAST(NULL AS STRING), interval_start, '30min', false
  FROM bronze.smart_meter_reading
),
named AS (
  SELECT
    stamped.*,
    source.tz,
    source.policy AS source_policy,
    source.day_start_min,
    source.time_format,
    nullif(trim(stamped.resolution), '') AS resolution_text,
    coalesce(nullif(trim(stamped.interval_start), ''), nullif(trim(stamped.label), ''), nullif(trim(stamped.interval_end), '')) AS stamp,
    NOT stamped.is_register AND source.policy <> 'variable_length' AND coalesce(trim(stamped.interval_start), '') = ''
      AND (source.label_at <> 'start' OR coalesce(trim(stamped.label), '') = '') AS names_end,
    source.label_at = 'end' AS ends_are_instants,
    CASE WHEN NOT stamped.is_register AND (coalesce(trim(stamped.interval_start), '') <> '' OR (coalesce(trim(stamped.label), '') <> '' AND source.label_at = 'start'))
      THEN nullif(trim(stamped.interval_end), '') END AS until_stamp
  FROM stamped
  JOIN bronze.source AS source ON source.source = stamped.source
),
cut AS (
  SELECT
    *,
    CASE WHEN source_policy = 'label_3a_3b' THEN nullif(regexp_extract(stamp, '[0-9] *([AB])$', 1), '') END AS letter,
    CASE WHEN source_policy = 'variable_length' THEN nullif(regexp_extract(stamp, '^[^T ]+[T ]+([0-9]{1,3})$', 1), '') END AS number_text
  FROM named
),
written AS (
  SELECT
    *,
    iso_stamp(CASE WHEN letter IS NOT NULL THEN substr(stamp, 1, length(stamp) - 1)
      WHEN number_text IS NOT NULL THEN regexp_extract(stamp, '^([^T ]+)', 1) ELSE stamp END, time_format) AS iso,
    iso_stamp(until_stamp, time_format) AS until_iso
  FROM cut
),
typed AS (
  SELECT
    *,
    length(iso) > 10 AS has_time,
    length(iso) > 16 AND substr(iso, 17, 1) = ':' AS has_seconds,
    length(until_iso) > 16 AND substr(until_iso, 17, 1) = ':' AS until_has_seconds,
    CASE WHEN source_policy = 'utc' AND length(iso) > 10 THEN coalesce(stamp_offset(iso), 0) ELSE stamp_offset(iso) END AS offset_min,
    CASE WHEN source_policy = 'utc' AND length(until_iso) > 10 THEN coalesce(stamp_offset(until_iso), 0) ELSE stamp_offset(until_iso) END AS until_offset_min,
    CASE letter WHEN 'A' THEN 1 WHEN 'B' THEN 2 END AS letter_turn,
    -- A date alone names the beginning of its day, which may be later than midnight.
    stamp_minutes(iso) + CASE WHEN length(iso) > 10 THEN 0 ELSE day_start_min END AS clock_min,
    stamp_minutes(until_iso) + CASE WHEN length(until_iso) > 10 THEN 0 ELSE day_start_min END AS until_clock_min,
    CASE resolution_text WHEN '15min' THEN 15 WHEN '30min' THEN 30 WHEN '60min' THEN 60 WHEN 'day' THEN 1440 WHEN 'month' THEN 43200 END AS resolution_min
  FROM written
),
clocked AS (
  SELECT
    *,
    CASE WHEN offset_min IS NULL OR source_policy IN ('utc', 'label_offset') THEN source_policy ELSE 'utc' END AS policy,
    -- The standard offset is the lesser of January's and July's: no zone's clock is set back for its summer.
    CASE WHEN source_policy = 'fixed_standard_time' THEN least(
      local_minutes(stamp_minutes(substr(iso, 1, 4) || '-01-01'), tz) - stamp_minutes(substr(iso, 1, 4) || '-01-01'),
      local_minutes(stamp_minutes(substr(iso, 1, 4) || '-07-01'), tz) - stamp_minutes(substr(iso, 1, 4) || '-07-01')) END AS standard_offset_min
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
      local_minutes(stamp_minutes(substr(iso, 1, 10)) + 2160, tz) - local_minutes(stamp_minutes(substr(iso, 1, 10)) - 720, tz) - 2880 END AS shift_min
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
      WHEN resolution_text IS NOT NULL THEN resolution_min
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
      WHEN iso IS NULL AND time_format <> 'iso' THEN 'label unreadable as ' || time_format || ': ' || stamp
      WHEN iso IS NULL AND regexp_extract(stamp, '^([0-9.]+|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}.*)$', 1) <> ''
        THEN 'label unreadable, unless the timeFormat of its source says how it is written: ' || stamp
      WHEN iso IS NULL THEN 'label unreadable: ' || stamp
      WHEN clock_min NOT BETWEEN 0 AND 68899679 THEN 'date outside 1970 to 2100: ' || stamp
      WHEN NOT is_register AND resolution_text IS NOT NULL AND resolution_min IS NULL THEN 'unknown resolution: ' || resolution_text
      WHEN until_stamp IS NOT NULL AND (until_iso IS NULL OR until_has_seconds OR until_clock_min NOT BETWEEN 0 AND 70000000) THEN 'end unreadable: ' || until_stamp
      WHEN until_stamp IS NOT NULL AND (offset_min IS NULL) <> (until_offset_min IS NULL)
        THEN 'start and end are not of one clock: ' || stamp || ' to ' || until_stamp
      WHEN coalesce(real_minutes, CASE WHEN ended_min IS NULL THEN until_wall_min - wall_min END) <= 0
        THEN 'end is not after start: ' || stamp || ' to ' || until_stamp
      WHEN resolution_min IS NOT NULL AND until_stamp IS NOT NULL AND coalesce(ended_min, 0) <> resolution_min
        THEN 'end does not agree with resolution ' || resolution_text || ': ' || stamp || ' to ' || until_stamp
      WHEN res_min IS NULL AND until_stamp IS NOT NULL
        THEN 'neither 15, 30 nor 60 minutes, a day nor a month: ' || stamp || ' to ' || until_stamp
      WHEN res_min IS NULL THEN 'resolution missing, and no end says it: ' || stamp
      WHEN names_end AND res_min = 43200 THEN 'start missing: a month is known by it'
      WHEN length(iso) = 7 AND res_min <> 43200 THEN 'label unreadable: ' || stamp
      WHEN has_seconds AND NOT is_register AND res_min <= 60 THEN 'label not on the ' || CAST(res_min AS STRING) || '-minute grid: ' || stamp
      WHEN has_seconds AND NOT is_register THEN 'label not on a whole minute: ' || stamp
      WHEN policy = 'variable_length' AND res_min <= 60 AND coalesce(CAST(number_text AS INTEGER), 0) < 1 THEN 'label is no slot number: ' || stamp
      WHEN policy = 'variable_length' AND res_min <= 60 THEN NULL
      WHEN NOT has_time AND (res_min > 60 OR is_register) THEN NULL
      WHEN NOT has_time THEN 'label unreadable: ' || stamp
      WHEN policy = 'label_offset' AND offset_min IS NULL THEN 'label has no offset: ' || stamp
    END AS problem
  FROM resolved
),
started AS (
  -- A day known by its end is the one before it by the local clock, however long it was.
  SELECT
    *,
    coalesce(names_end AND ends_are_instants AND res_min <= 60, false) AS ends,
    CASE WHEN problem IS NULL AND has_time AND NOT (names_end AND res_min > 60) THEN
      CAST(clock_min - coalesce(offset_min, standard_offset_min) - CASE WHEN names_end THEN res_min ELSE 0 END AS BIGINT)
    END AS instant_min,
    CASE WHEN problem IS NOT NULL OR (policy = 'variable_length' AND res_min <= 60) THEN NULL
      WHEN names_end AND res_min > 60 AND has_time AND coalesce(offset_min, standard_offset_min) IS NOT NULL THEN
        local_minutes(CAST(clock_min - coalesce(offset_min, standard_offset_min) AS BIGINT), tz) - res_min
      ELSE clock_min - CASE WHEN names_end AND NOT (ends_are_instants AND res_min <= 60) THEN res_min ELSE 0 END
    END AS mark_min
  FROM judged
),
probed AS (
  -- A label is looked up in the zone at the instant that it names, if it names an end, else in the last minute of its quarter of an
  -- hour, as the calendar does: zones that shift at 00:01 then have whole quarters.
  SELECT *, mark_min - CASE WHEN ends THEN 0 ELSE mark_min % 15 - 14 END AS probe_min
  FROM started
),
offered AS (
  SELECT
    *,
    CASE WHEN instant_min IS NULL AND res_min <= 60 THEN local_minutes(CAST(probe_min - 1440 AS BIGINT), tz) - (probe_min - 1440) END AS offset_before,
    CASE WHEN instant_min IS NULL AND res_min <= 60 THEN local_minutes(CAST(probe_min + 1440 AS BIGINT), tz) - (probe_min + 1440) END AS offset_after
  FROM probed
),
found AS (
  -- More than a day away from a shift of the clock an end is the start's label plus the interval.
  SELECT
    *,
    ends AND offset_before <> offset_after AS is_end,
    mark_min - CASE WHEN ends AND offset_before = offset_after THEN res_min ELSE 0 END AS local_min,
    CASE WHEN local_minutes(CAST(probe_min - greatest(offset_before, offset_after) AS BIGINT), tz) = probe_min
      THEN probe_min - greatest(offset_before, offset_after) END AS early_min,
    CASE WHEN offset_before <> offset_after AND local_minutes(CAST(probe_min - least(offset_before, offset_after) AS BIGINT), tz) = probe_min
      THEN probe_min - least(offset_before, offset_after) END AS late_min
  FROM offered
),
happened AS (
  SELECT *, coalesce(early_min, late_min) AS first_min, CASE WHEN early_min IS NOT NULL THEN late_min END AS second_min
  FROM found
),
placed_on_day AS (
  -- An interval lies on the day of its start: of one that is known by its end, that of the minute before the end.
  SELECT
    *,
    CASE
      WHEN problem IS NOT NULL THEN -1
      WHEN instant_min IS NULL AND local_min IS NULL THEN quotient(clock_min, 1440)
      ELSE quotient(CASE
        WHEN instant_min IS NOT NULL THEN local_minutes(instant_min, tz)
        WHEN is_end AND first_min IS NOT NULL THEN local_minutes(CAST(first_min - 1 AS BIGINT), tz)
        WHEN is_end THEN local_min - 1
        ELSE local_min END - day_start_min + 1440, 1440) - 1
    END AS local_day,
    CASE WHEN second_min IS NOT NULL THEN
      quotient(CASE WHEN is_end THEN local_minutes(CAST(second_min - 1 AS BIGINT), tz) ELSE local_min END - day_start_min + 1440, 1440) - 1
    END AS second_day
  FROM happened
),
turned AS (
  SELECT
    *,
    second_min IS NOT NULL AND policy IN ('label_in_order', 'label_paired') AS is_doubled,
    CASE
      WHEN policy = 'label_3a_3b' AND second_min IS NOT NULL AND letter_turn IS NULL THEN 'label happened twice: ' || stamp
      WHEN policy = 'label_3a_3b' AND second_min IS NULL AND letter_turn IS NOT NULL THEN 'label of an interval that never happened in ' || tz || ': ' || stamp
      WHEN policy LIKE 'fixed_slots_%' AND second_day <> local_day THEN 'label of two days in ' || tz || ': ' || stamp
    END AS misfit,
    policy = 'label_3a_3b' AND second_min IS NOT NULL AND letter_turn = 2 AS is_second
  FROM placed_on_day
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
  date_from_unix_date(CAST(CASE WHEN is_second THEN second_day ELSE local_day END AS INTEGER)) AS local_date,
  CASE WHEN instant_min IS NOT NULL THEN instant_at(instant_min) END AS instant,
  -- A label's offset must be the one that the zone had: an hour that never was has none.
  policy = 'label_offset' AND has_time AND CASE WHEN names_end AND NOT ends_are_instants AND res_min <= 60
    THEN local_minutes(instant_min, tz) + res_min ELSE local_minutes(CAST(clock_min - offset_min AS BIGINT), tz) END <> clock_min AS is_untrue,
  -- Whole intervals of UTC, of the local clock, or of the source's own. A day's and a month's beginnings are the calendar's to know.
  CASE WHEN instant_min IS NOT NULL THEN
    res_min > 60
    OR is_register
    OR instant_min % res_min = 0
    OR local_minutes(instant_min, tz) % res_min = 0
    OR (instant_min + coalesce(standard_offset_min, 0)) % res_min = 0
  END AS is_on_grid,
  coalesce(is_end, false) AS is_end,
  CAST(CASE WHEN instant_min IS NULL THEN local_min - day_start_min - CASE WHEN is_second THEN second_day ELSE local_day END * 1440 END AS INTEGER) AS label_min,
  CAST(CASE WHEN is_second AND second_day = local_day THEN 2 ELSE 1 END AS INTEGER) AS label_turn,
  CAST(CASE WHEN problem IS NULL AND instant_min IS NULL AND local_min IS NULL THEN number_text END AS INTEGER) AS slot,
  is_doubled,
  date_from_unix_date(CAST(CASE WHEN is_doubled THEN second_day END AS INTEGER)) AS second_local_date,
  CAST(CASE WHEN is_doubled THEN local_min - day_start_min - second_day * 1440 END AS INTEGER) AS second_label_min,
  CAST(CASE WHEN is_doubled THEN CASE WHEN second_day = local_day THEN 2 ELSE 1 END END AS INTEGER) AS second_label_turn,
  policy IN ('label_in_order', 'label_paired') AND offset_before > offset_after AS is_around_doubled,
  is_doubled AND coalesce(until_wall_min - wall_min <> res_min AND until_wall_min - wall_min - shift_min = res_min, false) AS is_first_by_end,
  CAST(CASE WHEN instant_min IS NULL THEN local_min END AS INTEGER) AS clock_min,
  misfit,
  problem,
  month_of(date_from_unix_date(CAST(CASE WHEN is_second THEN second_day ELSE local_day END AS INTEGER))) AS month
FROM turned
