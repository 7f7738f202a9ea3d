-- What became of each hour of regional load that arrived: kept, superseded by a newer arrival of the same hour, repeated in one file,
-- or rejected, and why. The same hour twice in one file, with other values, is rejected, both, and supersedes nothing.
-- A label is an hour's start, of a clock that the source's policy names: UTC's, or one that never leaves standard time.
-- key: arrival, row_number
-- increment: label_date
WITH typed AS (
  SELECT
    load.*,
    trim(load.gr_name) AS region,
    nullif(trim(load.p_plus), '') AS value_text,
    nullif(trim(load.obj_count), '') AS count_text,
    mark_of(source.decimal_mark, load.decimal_mark) AS mark,
    iso_stamp(load.pl_t, 'iso') AS stamp,
    source.unit,
    source.tz,
    source.policy,
    CASE WHEN source.max_kwh_per_hour < 200000000 THEN micro_kwh(source.max_kwh_per_hour) END AS max_micro_kwh
  FROM bronze.load_row AS load
  JOIN bronze.source AS source ON source.source = load.source
),
placed AS (
  SELECT
    *,
    CAST(quotient(clock_seconds(stamp), 60) AS BIGINT) AS clock_min,
    exact_micro_kwh(exact_number(value_text, mark), unit, NULL, NULL) AS energy,
    whole_number(count_text, mark) AS object_count,
    -- The standard offset is the lesser of January's and July's: no zone's clock is set back for its summer.
    CASE WHEN stamp_offset(stamp) IS NOT NULL THEN stamp_offset(stamp)
      WHEN policy = 'utc' THEN 0
      WHEN policy = 'fixed_standard_time' THEN least(
        local_minutes(unix_date(make_date(year(label_date), 1, 1)) * CAST(1440 AS BIGINT), tz) - unix_date(make_date(year(label_date), 1, 1)) * CAST(1440 AS BIGINT),
        local_minutes(unix_date(make_date(year(label_date), 7, 1)) * CAST(1440 AS BIGINT), tz) - unix_date(make_date(year(label_date), 7, 1)) * CAST(1440 AS BIGINT))
    END AS offset_min
  FROM typed
),
judged AS (
  SELECT
    *,
    CASE
      WHEN coalesce(region, '') = '' THEN 'region missing'
      WHEN pl_t IS NULL THEN 'label missing'
      WHEN clock_min IS NULL THEN 'label unreadable: ' || pl_t
      WHEN clock_seconds(stamp) % 3600 <> 0 THEN 'label not on the hour: ' || pl_t
      WHEN clock_min NOT BETWEEN 1440 AND 68899679 THEN 'date outside 1970 to 2100: ' || pl_t
      WHEN offset_min IS NULL THEN 'label says less than its policy asks: ' || pl_t
      WHEN value_text IS NULL THEN 'value missing'
      WHEN energy IS NULL OR (energy = 0 AND has_digit(value_text)) THEN 'value ' || number_fault(value_text, mark)
      WHEN energy < 0 THEN 'negative value: ' || value_text
      WHEN energy > max_micro_kwh THEN 'value above what its source allows: ' || value_text
      WHEN object_count IS NULL AND count_text IS NOT NULL THEN 'count ' || count_fault(count_text, mark)
    END AS fault
  FROM placed
),
compared AS (
  SELECT
    *,
    fault IS NULL AND (min(energy) OVER same_file <> max(energy) OVER same_file
      OR min(coalesce(object_count, -1)) OVER same_file <> max(coalesce(object_count, -1)) OVER same_file) AS is_contradictory,
    row_number() OVER (PARTITION BY source, region, label_date, clock_min, offset_min, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY source, region, label_date, clock_min, offset_min, arrival, fault IS NULL)
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN arrival END) OVER (PARTITION BY source, region, label_date, clock_min, offset_min) AS newest
  FROM compared
)
SELECT
  source,
  region,
  pl_t AS label,
  CASE WHEN fault IS NULL THEN instant_at(clock_min - offset_min) END AS interval_start,
  tz,
  CASE WHEN fault IS NULL THEN energy END AS energy_micro_kwh,
  object_count,
  CASE
    WHEN fault IS NOT NULL OR is_contradictory THEN 'rejected'
    WHEN arrival < newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  CASE WHEN is_contradictory THEN 'hour told twice in one file, differently: ' || pl_t ELSE fault END AS reason,
  arrival,
  file,
  sha256,
  row_number,
  label_date,
  month_of(label_date) AS month
FROM settled
