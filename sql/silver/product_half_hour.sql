-- One row a half hour and product: the energy of the meter points supplied with it and how many they are. Without a
-- product stand those that are in no per-product table.
-- increment: local_date
SELECT
  reading.interval_start,
  day.product,
  CAST(sum(reading.energy_kwh) AS DECIMAL(18, 6)) AS total_kwh,
  CAST(count(*) AS BIGINT) AS meterpoint_count,
  reading.local_date,
  reading.month
FROM silver.reading AS reading
JOIN silver.agreement_day AS day
  ON day.meterpoint_id = reading.meter_id
  AND day.local_date = reading.local_date
WHERE reading.source = 'smart_meter'
GROUP BY reading.interval_start, day.product, reading.local_date, reading.month
