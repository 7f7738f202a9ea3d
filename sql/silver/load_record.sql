-- What became of each hour of regional load that arrived: kept, superseded by a newer arrival of the same hour, repeated in one file,
-- or rejected, and why. The same hour twice in one file, with other values, is rejected, both, and supersedes nothing.
-- A label is an hour's start, of a clock that the source's policy names: UTC's, or one that never leaves standard time.
-- key: arrival, row_number
-- partition: month
-- increment: label_date
WITH typed AS (
  SELECT
    load.*,
    trim(load.gr_name) AS region,
    trim(load.p_plus) AS value_text,
    try_cast(replace(trim(load.p_plus), ',', '.') AS DECIMAL(18, 6)) AS value,
    whole_number(trim(load.obj_count)) AS object_count,
    CASE WHEN load.pl_t LIKE '____-__-__ __:__%' OR load.pl_t LIKE '____-__-__T__:__%'
      THEN unix_date(try_cast(substr(load.pl_t, 1, 10) AS DATE)) END AS label_day,
    try_cast(substr(load.pl_t, 12, 2) AS INTEGER) AS label_hour,
    substr(load.pl_t, 14) AS rest,
    source.tz,
    source.policy,
    source.max_kwh_per_hour,
    CAST(source.micro_kwh_per_unit AS BIGINT) AS micro_kwh_per_unit
  FROM bronze.load_row AS load
  JOIN bronze.source AS source ON source.source = load.source
),
placed AS (
  SELECT
    *,
    CAST(label_day * CAST(1440 AS BIGINT) + label_hour * 60 AS BIGINT) AS clock_min,
    -- The standard offset is the lesser of January's and July's: no zone's clock is set back for its summer.
    CASE policy
      WHEN 'utc' THEN 0
      WHEN 'fixed_standard_time' THEN least(
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
      WHEN label_day IS NULL OR label_hour IS NULL OR label_hour NOT BETWEEN 0 AND 23 THEN 'label unreadable: ' || pl_t
      WHEN rest NOT IN (':00', ':00:00') THEN 'label not on the hour: ' || pl_t
      WHEN label_day NOT BETWEEN 1 AND 47846 THEN 'date outside 1970 to 2100: ' || pl_t
      WHEN offset_min IS NULL THEN 'label says less than its policy asks: ' || pl_t
      WHEN coalesce(value_text, '') = '' THEN 'value missing'
      WHEN value IS NULL THEN 'value is no number: ' || value_text
      WHEN decimal_mark = '?' AND (value_text LIKE '%,%' OR value_text LIKE '%.%') THEN 'decimal marks mixed in the file: ' || value_text
      WHEN (decimal_mark = ',' AND value_text LIKE '%.%') OR (decimal_mark = '.' AND value_text LIKE '%,%')
        THEN 'decimal mark is not that of the file: ' || value_text
      WHEN value < 0 THEN 'negative value: ' || value_text
      WHEN value > quotient(micro_kwh(max_kwh_per_hour), micro_kwh_per_unit) THEN 'value above what its source allows: ' || value_text
      WHEN object_count IS NULL AND trim(obj_count) <> '' THEN 'count is no whole number: ' || obj_count
    END AS fault
  FROM placed
),
compared AS (
  SELECT
    *,
    fault IS NULL AND (min(value) OVER same_file <> max(value) OVER same_file
      OR min(coalesce(object_count, -1)) OVER same_file <> max(coalesce(object_count, -1)) OVER same_file) AS is_contradictory,
    row_number() OVER (PARTITION BY source, region, label_date, clock_min, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY source, region, label_date, clock_min, arrival, fault IS NULL)
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN arrival END) OVER (PARTITION BY source, region, label_date, clock_min) AS newest
  FROM compared
)
SELECT
  source,
  region,
  pl_t AS label,
  CASE WHEN fault IS NULL THEN instant_at(clock_min - offset_min) END AS interval_start,
  tz,
  CASE WHEN fault IS NULL THEN CAST(value * micro_kwh_per_unit AS BIGINT) END AS energy_micro_kwh,
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
