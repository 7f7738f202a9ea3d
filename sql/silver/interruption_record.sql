-- What became of each row of an interruption log: kept, superseded by a newer arrival of the same interruption, repeated in one file, or
-- rejected, and why. Times have their offset. Rows of one interruption and start that differ in their restoration are its steps: each has
-- the customers who came back then. An interruption that one file has with two starts, or with two numbers of customers at one
-- restoration, or in other ways differently, is rejected as a whole, and supersedes nothing.
-- key: arrival, row_number
WITH cut AS (
  SELECT
    row.*,
    mark_of(setting.decimal_mark, row.decimal_mark) AS mark,
    trim(row.utility_id) AS utility,
    trim(row.interruption_id) AS interruption,
    nullif(trim(row.customers_interrupted), '') AS interrupted_text,
    nullif(trim(row.customers_served), '') AS served_text,
    iso_stamp(row.started_at, 'iso') AS start_stamp,
    iso_stamp(row.restored_at, 'iso') AS restored_stamp
  FROM bronze.interruption_row AS row
  LEFT JOIN bronze.source AS setting ON setting.source = row.source
),
timed AS (
  SELECT
    *,
    whole_number(interrupted_text, mark) AS interrupted,
    whole_number(served_text, mark) AS served,
    quotient(clock_seconds(start_stamp), 86400) AS start_day,
    instant_seconds(start_stamp) AS start_at,
    instant_seconds(restored_stamp) AS restoration_at
  FROM cut
),
judged AS (
  SELECT
    *,
    CASE
      WHEN coalesce(utility, '') = '' THEN 'utility missing'
      WHEN coalesce(interruption, '') = '' THEN 'interruption id missing'
      WHEN clock_seconds(start_stamp) IS NULL THEN 'start unreadable: ' || coalesce(started_at, 'none')
      WHEN start_at IS NULL THEN 'start without an offset: ' || started_at
      WHEN start_day NOT BETWEEN 1 AND 47846 THEN 'date outside 1970 to 2100: ' || started_at
      WHEN clock_seconds(restored_stamp) IS NULL THEN 'restoration unreadable: ' || coalesce(restored_at, 'none')
      WHEN restoration_at IS NULL THEN 'restoration without an offset: ' || restored_at
      WHEN restoration_at < start_at THEN 'restored before it started: ' || restored_at
      WHEN coalesce(interrupted, -1) < 0 THEN 'customers interrupted ' || count_fault(interrupted_text, mark)
      WHEN coalesce(served, -1) < 1 THEN 'customers served ' || count_fault(served_text, mark)
      WHEN interrupted > served THEN 'more customers interrupted than served: ' || customers_interrupted
    END AS row_fault,
    coalesce(CAST(start_at AS STRING), '') || ' ' || coalesce(CAST(served AS STRING), '') || ' ' || coalesce(circuit_id, '') || ' ' || coalesce(cause, '') AS told
  FROM timed
),
stepped AS (
  SELECT
    *,
    row_fault IS NULL AND min(interrupted) OVER same_step <> max(interrupted) OVER same_step AS is_step_contradictory,
    row_number() OVER (PARTITION BY source, utility, interruption, arrival, restoration_at, row_fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_step AS (PARTITION BY source, utility, interruption, arrival, restoration_at, row_fault IS NULL)
),
compared AS (
  SELECT
    *,
    row_fault IS NULL AND (min(told) OVER same_file <> max(told) OVER same_file OR bool_or(is_step_contradictory) OVER same_file) AS is_contradictory,
    sum(CASE WHEN place = 1 THEN interrupted ELSE 0 END) OVER same_file AS interrupted_in_steps
  FROM stepped
  WINDOW same_file AS (PARTITION BY source, utility, interruption, arrival, row_fault IS NULL)
),
faulted AS (
  SELECT
    *,
    CASE
      WHEN row_fault IS NOT NULL THEN row_fault
      WHEN is_contradictory THEN 'interruption told twice in one file, differently: ' || interruption
      WHEN interrupted_in_steps > served THEN 'more customers interrupted than served, its steps together: ' || CAST(interrupted_in_steps AS STRING)
    END AS fault
  FROM compared
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL THEN arrival END) OVER (PARTITION BY source, utility, interruption) AS newest
  FROM faulted
)
SELECT
  source,
  utility AS utility_id,
  interruption AS interruption_id,
  circuit_id,
  cause,
  CASE WHEN fault IS NULL THEN instant_at_second(start_at) END AS started_at,
  CASE WHEN fault IS NULL THEN instant_at_second(restoration_at) END AS restored_at,
  CASE WHEN fault IS NULL THEN date_from_unix_date(CAST(start_day AS INTEGER)) END AS local_date,
  CASE WHEN fault IS NULL THEN restoration_at - start_at END AS elapsed_seconds,
  interrupted AS customers_interrupted,
  served AS customers_served,
  CASE
    WHEN fault IS NOT NULL THEN 'rejected'
    WHEN arrival < newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  fault AS reason,
  arrival,
  file,
  sha256,
  row_number
FROM settled
