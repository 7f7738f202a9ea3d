-- What became of each row of an interruption log: kept, superseded by a newer arrival of the same interruption, repeated in one file, or
-- rejected, and why. Times are ISO 8601's to the minute, with their offset. An interruption twice in one file, with other values, is
-- rejected, both, and supersedes nothing.
-- key: arrival, row_number
WITH cut AS (
  SELECT
    *,
    trim(utility_id) AS utility,
    trim(interruption_id) AS interruption,
    CASE WHEN started_at LIKE '____-__-__T__:__%' THEN unix_date(try_cast(substr(started_at, 1, 10) AS DATE)) END AS start_day,
    try_cast(substr(started_at, 12, 2) AS INTEGER) AS start_hour,
    try_cast(substr(started_at, 15, 2) AS INTEGER) AS start_minute,
    regexp_extract(started_at, '^.{16}(:00)?(Z|[+-][0-9]{2}:?[0-9]{2})$', 2) AS start_offset,
    CASE WHEN restored_at LIKE '____-__-__T__:__%' THEN unix_date(try_cast(substr(restored_at, 1, 10) AS DATE)) END AS restored_day,
    try_cast(substr(restored_at, 12, 2) AS INTEGER) AS restored_hour,
    try_cast(substr(restored_at, 15, 2) AS INTEGER) AS restored_minute,
    regexp_extract(restored_at, '^.{16}(:00)?(Z|[+-][0-9]{2}:?[0-9]{2})$', 2) AS restored_offset,
    whole_number(trim(customers_interrupted)) AS interrupted,
    whole_number(trim(customers_served)) AS served
  FROM bronze.interruption_row
),
timed AS (
  SELECT
    *,
    CASE WHEN start_hour BETWEEN 0 AND 23 AND start_minute BETWEEN 0 AND 59 THEN
      CAST(start_day * CAST(1440 AS BIGINT) + start_hour * 60 + start_minute AS BIGINT) - CASE WHEN start_offset = 'Z' THEN 0 WHEN start_offset <> '' THEN
      CAST(substr(start_offset, 1, 1) || '1' AS INTEGER) * (60 * CAST(substr(start_offset, 2, 2) AS INTEGER) + CAST(substr(replace(start_offset, ':', ''), 4, 2) AS INTEGER)) END END AS start_at,
    CASE WHEN restored_hour BETWEEN 0 AND 23 AND restored_minute BETWEEN 0 AND 59 THEN
      CAST(restored_day * CAST(1440 AS BIGINT) + restored_hour * 60 + restored_minute AS BIGINT) - CASE WHEN restored_offset = 'Z' THEN 0 WHEN restored_offset <> '' THEN
      CAST(substr(restored_offset, 1, 1) || '1' AS INTEGER) * (60 * CAST(substr(restored_offset, 2, 2) AS INTEGER) + CAST(substr(replace(restored_offset, ':', ''), 4, 2) AS INTEGER)) END END AS restoration_at
  FROM cut
),
judged AS (
  SELECT
    *,
    CASE
      WHEN coalesce(utility, '') = '' THEN 'utility missing'
      WHEN coalesce(interruption, '') = '' THEN 'interruption id missing'
      WHEN start_at IS NULL THEN 'start unreadable, or without an offset: ' || coalesce(started_at, 'none')
      WHEN start_day NOT BETWEEN 1 AND 47846 THEN 'date outside 1970 to 2100: ' || started_at
      WHEN restoration_at IS NULL THEN 'restoration unreadable, or without an offset: ' || coalesce(restored_at, 'none')
      WHEN restoration_at < start_at THEN 'restored before it started: ' || restored_at
      WHEN coalesce(interrupted, -1) < 0 THEN 'customers interrupted is no whole number: ' || coalesce(customers_interrupted, 'none')
      WHEN coalesce(served, -1) < 1 THEN 'customers served is no whole number: ' || coalesce(customers_served, 'none')
      WHEN interrupted > served THEN 'more customers interrupted than served: ' || customers_interrupted
    END AS fault,
    coalesce(CAST(start_at AS STRING), '') || ' ' || coalesce(CAST(restoration_at AS STRING), '') || ' ' || coalesce(customers_interrupted, '')
      || ' ' || coalesce(customers_served, '') || ' ' || coalesce(circuit_id, '') || ' ' || coalesce(cause, '') AS told
  FROM timed
),
compared AS (
  SELECT
    *,
    fault IS NULL AND min(told) OVER same_file <> max(told) OVER same_file AS is_contradictory,
    row_number() OVER (PARTITION BY source, utility, interruption, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY source, utility, interruption, arrival, fault IS NULL)
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN arrival END) OVER (PARTITION BY source, utility, interruption) AS newest
  FROM compared
)
SELECT
  source,
  utility AS utility_id,
  interruption AS interruption_id,
  circuit_id,
  cause,
  CASE WHEN fault IS NULL THEN instant_at(start_at) END AS started_at,
  CASE WHEN fault IS NULL THEN instant_at(restoration_at) END AS restored_at,
  CASE WHEN fault IS NULL THEN date_from_unix_date(start_day) END AS local_date,
  CASE WHEN fault IS NULL THEN restoration_at - start_at END AS elapsed_minutes,
  interrupted AS customers_interrupted,
  served AS customers_served,
  CASE
    WHEN fault IS NOT NULL OR is_contradictory THEN 'rejected'
    WHEN arrival < newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  CASE WHEN is_contradictory THEN 'interruption told twice in one file, differently: ' || interruption ELSE fault END AS reason,
  arrival,
  file,
  sha256,
  row_number
FROM settled
