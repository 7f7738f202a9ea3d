-- A utility's interruptions, a row for each step in which their customers came back: most have one. local_date is the day on which one
-- starts, by the offset that its start names; of more than five minutes, to the second, a step is_sustained, as IEEE 1366 has it. The
-- number of customers and the minutes of an interruption are those of its steps together.
-- key: source, utility_id, interruption_id, step
SELECT
  source,
  utility_id,
  interruption_id,
  CAST(row_number() OVER (PARTITION BY source, utility_id, interruption_id ORDER BY restored_at) AS INTEGER) AS step,
  circuit_id,
  cause,
  started_at,
  restored_at,
  local_date,
  CAST(year(local_date) AS INTEGER) AS year,
  elapsed_seconds,
  CAST(mean_of(elapsed_seconds, 60) AS DECIMAL(18, 6)) AS elapsed_minutes,
  elapsed_seconds > 300 AS is_sustained,
  customers_interrupted,
  customers_served,
  arrival,
  row_number
FROM silver.interruption_record
WHERE fate = 'kept'
