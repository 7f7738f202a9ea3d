-- Labelled readings as they came: a meter's value at the label of one interval.
-- key: arrival, row_number
-- format: csv
-- required: meter_id VARCHAR, label VARCHAR, value VARCHAR
-- optional: client_id VARCHAR, resolution VARCHAR
SELECT
  client_id,
  meter_id,
  label,
  value,
  resolution,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
