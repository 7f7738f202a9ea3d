-- Agreements as a snapshot of the supplier's database has them, each value as text.
-- key: arrival, row_number
-- meter: meterpoint_id
-- format: sqlite
-- table: agreement
-- required: agreement_id VARCHAR, agreement_valid_from VARCHAR, agreement_valid_to VARCHAR, product_id VARCHAR, meterpoint_id VARCHAR, account_id VARCHAR
SELECT
  agreement_id,
  agreement_valid_from,
  agreement_valid_to,
  product_id,
  meterpoint_id,
  account_id,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
