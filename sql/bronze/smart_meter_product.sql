-- Products as a snapshot of the supplier's database has them, each value as text.
-- key: arrival, row_number
-- format: sqlite
-- table: product
-- required: display_name VARCHAR, is_variable VARCHAR, id VARCHAR, product_id VARCHAR
SELECT
  display_name,
  is_variable,
  id,
  product_id,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
