-- Eliq's daily rows as they came: a meter's day, its energy as an array of whole numbers.
-- key: arrival, row_number
-- meter: ext_dev_ref
-- format: parquet
-- required: client_id VARCHAR, date DATE, ext_dev_ref VARCHAR, energy_consumption BIGINT[], resolution VARCHAR
SELECT
  client_id,
  date,
  ext_dev_ref,
  energy_consumption,
  resolution,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
