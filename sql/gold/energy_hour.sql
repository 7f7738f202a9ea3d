-- One row a meter, fuel, channel and hour of the local calendar, known by its UTC start. Hourly readings are hours
-- as they are; finer ones add up to theirs. Where a day came at several resolutions the finest is taken.
-- A day's or a month's value is spread over no hours.
-- key: client_id, meter_id, fuel, channel, hour_start
-- increment: local_date
-- stored: no
WITH finest AS (
  SELECT client_id, meter_id, fuel, channel, local_date, finest_res_min AS res_min FROM gold.energy_day WHERE coarsest_res_min > finest_res_min
)
SELECT
  reading.client_id,
  reading.meter_id,
  reading.fuel,
  reading.channel,
  reading.interval_start AS hour_start,
  reading.local_date,
  reading.local_hour,
  reading.interval_minutes AS present_minutes,
  reading.energy_kwh,
  reading.month
FROM silver.reading AS reading
LEFT JOIN finest
  ON finest.client_id = reading.client_id
  AND finest.meter_id = reading.meter_id
  AND finest.fuel = reading.fuel
  AND finest.channel = reading.channel
  AND finest.local_date = reading.local_date
WHERE reading.res_min = 60 AND (finest.res_min IS NULL OR finest.res_min = 60)
UNION ALL
SELECT
  reading.client_id,
  reading.meter_id,
  reading.fuel,
  reading.channel,
  reading.hour_start,
  reading.local_date,
  reading.local_hour,
  CAST(sum(reading.interval_minutes) AS INTEGER) AS present_minutes,
  CAST(sum(reading.energy_kwh) AS DECIMAL(18, 6)) AS energy_kwh,
  reading.month
FROM silver.reading AS reading
LEFT JOIN finest
  ON finest.client_id = reading.client_id
  AND finest.meter_id = reading.meter_id
  AND finest.fuel = reading.fuel
  AND finest.channel = reading.channel
  AND finest.local_date = reading.local_date
WHERE reading.res_min < 60 AND (finest.res_min IS NULL OR finest.res_min = reading.res_min)
GROUP BY
  reading.client_id,
  reading.meter_id,
  reading.fuel,
  reading.channel,
  reading.hour_start,
  reading.local_date,
  reading.local_hour,
  reading.month
