-- Every labelled value that arrived, one row each, its label read: as an instant where it names one, else as minutes
-- on the local clock. problem says why a label can't be read; it then stands on 1969-12-31.
-- A label is a date, then T or a space, then the hour, then :MM or :MM:SS if it likes, then what its policy adds:
-- A or B (label_3a_3b: 2022-10-30 3A, 2022-10-30 02:30B), Z or an offset (utc, label_offset: 2022-10-30T03:00+02:00).
-- variable_length has a slot's number instead of a time: 2022-10-30 25.
-- key: arrival, row_number
-- partition: month
-- increment: local_date
-- dictionary: source, client_id, fuel, channel, tz, policy
WITH matched AS (
  SELECT
    source.source,
    coalesce(interval_row.client_id, source.client_id) AS client_id,
    interval_row.meter_id,
    source.fuel,
    source.channel,
    source.tz,
    source.policy,
    source.day_start_min,
    CASE WHEN source.max_kwh_per_hour < 1000000000 THEN micro_kwh(source.max_kwh_per_hour) END AS max_micro_kwh_per_hour,
    CAST(source.micro_kwh_per_unit AS BIGINT) AS micro_kwh_per_unit,
    source.label_at = 'end' AND source.policy <> 'variable_length' AS is_end,
    coalesce(interval_row.resolution, '60min') AS resolution,
    CASE coalesce(interval_row.resolution, '60min') WHEN '15min' THEN 15 WHEN '30min' THEN 30 WHEN '60min' THEN 60 END AS res_min,
    interval_row.label,
    regexp_extract(label, '^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,3})(:([0-9]{2})(:00([.]0+)?)?)?([AB]|Z|[+-][0-9]{2}:?[0-9]{2})?$', 1) AS date_text,
    regexp_extract(label, '^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,3})(:([0-9]{2})(:00([.]0+)?)?)?([AB]|Z|[+-][0-9]{2}:?[0-9]{2})?$', 2) AS hour_text,
    regexp_extract(label, '^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,3})(:([0-9]{2})(:00([.]0+)?)?)?([AB]|Z|[+-][0-9]{2}:?[0-9]{2})?$', 4) AS minute_text,
    regexp_extract(label, '^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,3})(:([0-9]{2})(:00([.]0+)?)?)?([AB]|Z|[+-][0-9]{2}:?[0-9]{2})?$', 7) AS suffix,
    try_cast(nullif(trim(interval_row.value), '') AS DECIMAL(18, 6)) AS value,
    interval_row.value AS value_text,
    interval_row.arrival,
    interval_row.file,
    interval_row.sha256,
    interval_row.row_number
  FROM bronze.interval_row AS interval_row
  JOIN bronze.source AS source ON source.source = interval_row.source
),
typed AS (
  SELECT
    *,
    unix_date(try_cast(nullif(date_text, '') AS DATE)) AS label_day,
    CAST(nullif(hour_text, '') AS INTEGER) AS label_hour,
    coalesce(CAST(nullif(minute_text, '') AS INTEGER), 0) AS label_minute,
    CASE
      WHEN suffix = 'Z' THEN 0
      WHEN substr(suffix, 1, 1) IN ('+', '-') THEN
        CAST(substr(suffix, 1, 1) || '1' AS INTEGER)
        * (60 * CAST(substr(suffix, 2, 2) AS INTEGER) + CAST(substr(replace(suffix, ':', ''), 4, 2) AS INTEGER))
    END AS offset_min,
    CASE suffix WHEN 'A' THEN 1 WHEN 'B' THEN 2 END AS turn
  FROM matched
),
written AS (
  SELECT
    *,
    label_day * 1440 + label_hour * 60 + label_minute AS clock_min,
    -- The standard offset is the lesser of January's and July's: no zone's clock is set back for its summer.
    CASE WHEN policy = 'fixed_standard_time' THEN least(
      local_minutes(unix_date(try_cast(substr(date_text, 1, 4) || '-01-01' AS DATE)) * CAST(1440 AS BIGINT), tz)
        - unix_date(try_cast(substr(date_text, 1, 4) || '-01-01' AS DATE)) * CAST(1440 AS BIGINT),
      local_minutes(unix_date(try_cast(substr(date_text, 1, 4) || '-07-01' AS DATE)) * CAST(1440 AS BIGINT), tz)
        - unix_date(try_cast(substr(date_text, 1, 4) || '-07-01' AS DATE)) * CAST(1440 AS BIGINT)) END AS standard_offset_min,
    CASE
      WHEN coalesce(client_id, '') = '' THEN 'client id missing'
      WHEN coalesce(meter_id, '') = '' THEN 'meter id missing'
      WHEN label IS NULL THEN 'label missing'
      WHEN label_day IS NULL OR label_hour IS NULL THEN 'label unreadable: ' || label
      WHEN label_day NOT BETWEEN 0 AND 47846 THEN 'date outside 1970 to 2100: ' || label
      WHEN res_min IS NULL THEN 'unknown resolution: ' || resolution
      WHEN value IS NULL AND trim(coalesce(value_text, '')) <> '' THEN 'value is no number: ' || value_text
      WHEN policy = 'variable_length' AND (minute_text <> '' OR suffix <> '' OR label_hour < 1)
        THEN 'label is no slot number: ' || label
      WHEN policy = 'variable_length' THEN NULL
      WHEN label_hour * 60 + label_minute > 1440 OR label_minute > 59 THEN 'label unreadable: ' || label
      WHEN policy = 'utc' AND coalesce(offset_min, 1) <> 0 THEN 'label is no UTC instant: ' || label
      WHEN policy = 'label_offset' AND offset_min IS NULL THEN 'label has no offset: ' || label
      WHEN policy = 'label_3a_3b' AND offset_min IS NOT NULL THEN 'label unreadable: ' || label
      WHEN policy NOT IN ('utc', 'label_offset', 'label_3a_3b') AND suffix <> '' THEN 'label unreadable: ' || label
    END AS problem
  FROM typed
),
started AS (
  -- Where a label names an interval's end, its start is one interval earlier.
  SELECT
    *,
    CASE WHEN problem IS NULL AND policy IN ('utc', 'label_offset', 'fixed_standard_time') THEN
      CAST(clock_min - coalesce(offset_min, standard_offset_min) - CASE WHEN is_end THEN res_min ELSE 0 END AS BIGINT)
    END AS instant_min,
    CASE WHEN problem IS NULL AND policy NOT IN ('utc', 'label_offset', 'fixed_standard_time', 'variable_length') THEN
      clock_min - day_start_min - CASE WHEN is_end THEN res_min ELSE 0 END
    END AS local_min
  FROM written
),
placed_on_day AS (
  SELECT
    *,
    CASE
      WHEN problem IS NOT NULL THEN -1
      WHEN policy = 'variable_length' THEN label_day
      ELSE quotient(coalesce(local_minutes(instant_min, tz) - day_start_min, local_min) + 1440, 1440) - 1
    END AS local_day
  FROM started
)
SELECT
  source,
  client_id,
  meter_id,
  fuel,
  channel,
  date_from_unix_date(CAST(local_day AS INTEGER)) AS local_date,
  CAST(res_min AS INTEGER) AS res_min,
  tz,
  policy,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  max_micro_kwh_per_hour,
  label,
  CASE WHEN instant_min IS NOT NULL THEN instant_at(instant_min) END AS instant,
  -- A label's offset must be the one that the zone had: an hour that never was has none.
  policy = 'label_offset' AND local_minutes(CAST(clock_min - offset_min AS BIGINT), tz) <> clock_min AS is_untrue,
  -- Whole intervals of UTC, of the local clock, or of the source's own.
  CASE WHEN instant_min IS NOT NULL THEN
    instant_min % res_min = 0
    OR local_minutes(instant_min, tz) % res_min = 0
    OR (instant_min + coalesce(standard_offset_min, 0)) % res_min = 0
  END AS is_on_grid,
  CAST(local_min - local_day * 1440 AS INTEGER) AS label_min,
  CAST(CASE WHEN problem IS NULL AND policy = 'variable_length' THEN label_hour END AS INTEGER) AS slot,
  CAST(turn AS INTEGER) AS turn,
  CASE WHEN abs(value) <= CAST(quotient(100000000000000, micro_kwh_per_unit) AS DECIMAL(18, 6))
    THEN CAST(value * micro_kwh_per_unit AS BIGINT) END AS energy_micro_kwh,
  value,
  problem,
  arrival,
  file,
  sha256,
  row_number,
  month_of(date_from_unix_date(CAST(local_day AS INTEGER))) AS month
FROM placed_on_day
