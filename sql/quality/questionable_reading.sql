-- Readings that their sender calls questionable, each as it was placed: they count as estimated.
-- key: arrival, row_number
-- stored: no
SELECT
  fate.source,
  fate.client_id,
  fate.meter_id,
  fate.fuel,
  fate.channel,
  fate.local_date,
  fate.interval_start,
  fate.interval_minutes,
  kwh(fate.energy_micro_kwh) AS energy_kwh,
  interval_row.file,
  interval_row.file_row,
  fate.arrival,
  fate.row_number,
  fate.month
FROM bronze.interval_row AS interval_row
JOIN silver.interval_fate AS fate ON fate.arrival = interval_row.arrival AND fate.row_number = interval_row.row_number
WHERE interval_row.quality = 'questionable' AND fate.fate = 'placed'
