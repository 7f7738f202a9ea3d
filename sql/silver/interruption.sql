-- A utility's interruptions. local_date is the day on which one starts, by the offset that its start names; one of more than five
-- minutes is_sustained, as IEEE 1366 has it.
-- key: source, utility_id, interruption_id
SELECT
  source,
  utility_id,
  interruption_id,
  circuit_id,
  cause,
  started_at,
  restored_at,
  local_date,
  CAST(year(local_date) AS INTEGER) AS year,
  elapsed_minutes,
  elapsed_minutes > 5 AS is_sustained,
  customers_interrupted,
  customers_served,
  arrival,
  row_number
FROM silver.interruption_record
WHERE fate = 'kept'
