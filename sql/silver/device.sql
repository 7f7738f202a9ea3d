-- Devices, as the newest list that names them says it: in one list, the last row of a device. problem says what of the
-- row can't be read. A device without a capacity has NULL.
-- key: device_id
WITH ranked AS (
  SELECT device.*, mark_of(setting.decimal_mark, device.decimal_mark) AS mark,
    row_number() OVER (PARTITION BY device.device_id ORDER BY device.arrival DESC, device.row_number DESC) AS place
  FROM bronze.telemetry_device AS device
  LEFT JOIN bronze.source AS setting ON setting.source = device.source
  WHERE trim(coalesce(device.device_id, '')) <> ''
)
SELECT
  device_id,
  site_id,
  device_type,
  measure_of(trim(capacity_kwh), mark) AS capacity_kwh,
  CASE WHEN trim(capacity_kwh) <> '' AND measure_of(trim(capacity_kwh), mark) IS NULL
    THEN 'capacity ' || number_fault(trim(capacity_kwh), mark) END AS problem,
  arrival,
  file,
  sha256,
  row_number
FROM ranked
WHERE place = 1
