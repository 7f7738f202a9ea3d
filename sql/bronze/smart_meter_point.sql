-- Meter points as a snapshot of the supplier's database has them, each value as text.
-- key: arrival, row_number
-- meter: meterpoint_id
-- format: sqlite
-- table: meterpoint
-- required: region VARCHAR, meterpoint_id VARCHAR
SELECT
  region,
  meterpoint_id,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
