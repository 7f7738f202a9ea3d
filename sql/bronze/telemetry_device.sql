-- Devices as lists of them came, each value as text.
-- key: arrival, row_number
-- meter: device_id
-- location: site_id
-- format: csv
-- numbers: capacity_kwh
-- required: device_id VARCHAR, site_id VARCHAR, device_type VARCHAR, capacity_kwh VARCHAR
SELECT
  device_id,
  site_id,
  device_type,
  capacity_kwh,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
