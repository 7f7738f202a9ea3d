-- One row a meter, fuel, channel and hour of the local calendar, known by its UTC start. Hourly readings are hours
-- as they are; finer ones add up to theirs. Where a day came at several resolutions the finest is taken.
-- key: client_id, meter_id, fuel, channel, hour_start
-- increment: local_date
-- stored: no
WITH coarser AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min FROM gold.energy_day WHERE resolutions > 1
),
chosen AS (
  SELECT reading.*
  FROM silver.reading AS reading
  LEFT JOIN coarser
    ON coarser.client_id = reading.client_id
    AND coarser.meter_id = reading.meter_id
    AND coarser.fuel = reading.fuel
    AND coarser.channel = reading.channel
    AND coarser.local_date = reading.local_date
    AND coarser.res_min < reading.res_min
  WHERE coarser.res_min IS NULL
)
SELECT client_id, meter_id, fuel, channel, interval_start AS hour_start, local_date, local_hour, interval_minutes AS present_minutes, energy_kwh, month
FROM chosen
WHERE res_min = 60
UNION ALL
SELECT client_id, meter_id, fuel, channel, hour_start, local_date, local_hour, CAST(sum(interval_minutes) AS INTEGER) AS present_minutes,
  CAST(sum(energy_kwh) AS DECIMAL(18, 6)) AS energy_kwh, month
FROM chosen
WHERE res_min < 60
GROUP BY client_id, meter_id, fuel, channel, hour_start, local_date, local_hour, month
