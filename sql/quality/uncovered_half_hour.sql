-- Readings in no per-product table, each with its energy and why: its meter point had no agreement that day, or one for a
-- product that the newest snapshot doesn't have.
-- key: meterpoint_id, interval_start
-- increment: local_date
SELECT
  day.meterpoint_id,
  reading.interval_start,
  reading.energy_kwh,
  day.uncovered AS reason,
  reading.local_date,
  reading.month
FROM silver.agreement_day AS day
JOIN silver.reading AS reading
  ON reading.meter_id = day.meterpoint_id
  AND reading.local_date = day.local_date
WHERE day.uncovered IS NOT NULL AND reading.source = 'smart_meter'
