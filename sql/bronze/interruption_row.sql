-- A utility's log of interruptions as it came, each value as text: one row each, or one for each step in which its customers came back.
-- key: arrival, row_number
-- format: csv
-- numbers: customers_interrupted, customers_served
-- required: utility_id VARCHAR, interruption_id VARCHAR, started_at VARCHAR, restored_at VARCHAR, customers_interrupted VARCHAR, customers_served VARCHAR
-- optional: circuit_id VARCHAR, cause VARCHAR
SELECT
  utility_id,
  interruption_id,
  circuit_id,
  cause,
  started_at,
  restored_at,
  customers_interrupted,
  customers_served,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
