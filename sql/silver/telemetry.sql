-- One row a device and instant: its measures, cleaned. Negative power is 0; a state of charge outside 0 to 100 and a
-- temperature outside -20 to 80 are NULL. A flag says where that happened and a column beginning with raw_ what came there:
-- coalesce(raw_power_w, power_w) undoes it. Of records with the same key the newest arrival counts, in one file the last
-- line; copies is how many came, and file_copies how many of them in that file. An unknown device has no type and no capacity.
-- key: device_id, ts_utc
-- partition: event_date, site_id
-- increment: event_date
WITH repeated AS (
  SELECT device_id, ts_utc, count(*) AS copies, max(arrival) AS arrival
  FROM bronze.telemetry
  WHERE problem IS NULL
  GROUP BY device_id, ts_utc
  HAVING count(*) > 1
),
newest AS (
  SELECT repeated.device_id, repeated.ts_utc, repeated.copies, repeated.arrival, count(*) AS file_copies, max(record.row_number) AS row_number
  FROM repeated
  JOIN bronze.telemetry AS record
    ON record.device_id = repeated.device_id
    AND record.ts_utc = repeated.ts_utc
    AND record.arrival = repeated.arrival
  WHERE record.problem IS NULL
  GROUP BY repeated.device_id, repeated.ts_utc, repeated.copies, repeated.arrival
)
SELECT
  record.ts_utc,
  record.device_id,
  record.site_id,
  device.device_type,
  device.capacity_kwh,
  CASE WHEN record.power_w < 0 THEN CAST(0 AS DECIMAL(18, 6)) ELSE record.power_w END AS power_w,
  record.energy_wh,
  record.voltage_v,
  record.current_a,
  CASE WHEN record.temperature_c BETWEEN -20 AND 80 THEN record.temperature_c END AS temperature_c,
  CASE WHEN record.soc_percent BETWEEN 0 AND 100 THEN record.soc_percent END AS soc_percent,
  record.status,
  coalesce(record.power_w < 0, false) AS is_power_negative,
  coalesce(record.temperature_c NOT BETWEEN -20 AND 80, false) AS is_temperature_out_of_range,
  coalesce(record.soc_percent NOT BETWEEN 0 AND 100, false) AS is_soc_out_of_range,
  CASE WHEN record.power_w < 0 THEN record.power_w END AS raw_power_w,
  CASE WHEN record.temperature_c NOT BETWEEN -20 AND 80 THEN record.temperature_c END AS raw_temperature_c,
  CASE WHEN record.soc_percent NOT BETWEEN 0 AND 100 THEN record.soc_percent END AS raw_soc_percent,
  device.device_id IS NOT NULL AS is_known_device,
  CAST(coalesce(newest.copies, 1) AS INTEGER) AS copies,
  CAST(coalesce(newest.file_copies, 1) AS INTEGER) AS file_copies,
  record.source,
  record.arrival,
  record.row_number,
  record.event_date
FROM bronze.telemetry AS record
LEFT JOIN newest ON newest.device_id = record.device_id AND newest.ts_utc = record.ts_utc
LEFT JOIN silver.device AS device ON device.device_id = record.device_id
WHERE record.problem IS NULL
  AND (newest.device_id IS NULL OR (newest.arrival = record.arrival AND newest.row_number = record.row_number))
