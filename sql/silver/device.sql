-- Devices, as the newest list that names them says it: in one list, the last row of a device. problem says what of the
-- row can't be read. A device without a capacity has NULL.
-- key: device_id
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY device_id ORDER BY arrival DESC, row_number DESC) AS place
  FROM bronze.telemetry_device
  WHERE trim(coalesce(device_id, '')) <> ''
)
SELECT
  device_id,
  site_id,
  device_type,
  try_cast(nullif(trim(capacity_kwh), '') AS DECIMAL(18, 6)) AS capacity_kwh,
  CASE WHEN trim(capacity_kwh) <> '' AND try_cast(trim(capacity_kwh) AS DECIMAL(18, 6)) IS NULL
    THEN 'capacity unreadable: ' || capacity_kwh END AS problem,
  arrival,
  file,
  sha256,
  row_number
FROM ranked
WHERE place = 1
