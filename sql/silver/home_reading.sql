-- The readings of homes' meters, in the homes' own calendars: each of an hour or less in the hour that holds its middle, so that an
-- interval which is none of the home's (an hour of UTC in Kathmandu) counts whole, and once; one of a day on the date that it
-- is named by, without an hour. Where a meter's day came at several resolutions the finest is taken, and beside it the day's own
-- value where gold.energy_day goes by that, because the finer ones don't fill the day.
-- key: client_id, meter_id, fuel, channel, interval_start, interval_minutes
-- increment: local_date
-- around: 1 day
-- dictionary: client_id, meter_id, fuel, channel
WITH finest AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, finest_res_min FROM gold.energy_day WHERE coarsest_res_min > finest_res_min
),
reading AS (
  SELECT reading.*
  FROM silver.reading AS reading
  LEFT JOIN finest
    ON finest.client_id = reading.client_id
    AND finest.meter_id = reading.meter_id
    AND finest.fuel = reading.fuel
    AND finest.channel = reading.channel
    AND finest.local_date = reading.local_date
  WHERE reading.res_min <= 1440
    AND (finest.res_min IS NULL OR reading.res_min = finest.finest_res_min OR reading.res_min = 1440 AND finest.res_min = 1440)
),
located AS (
  SELECT reading.*, location.location_id, location.place, location.time_zone
  FROM reading
  JOIN silver.meter AS meter ON meter.client_id = reading.client_id AND meter.meter_id = reading.meter_id AND meter.fuel = reading.fuel
  JOIN silver.location AS location ON location.client_id = meter.client_id AND location.location_id = meter.location_id
)
SELECT
  located.client_id,
  located.location_id,
  located.place,
  located.meter_id,
  located.fuel,
  located.channel,
  located.interval_start,
  located.interval_minutes,
  located.res_min,
  slot.hour_start,
  slot.local_date,
  located.energy_kwh,
  located.quality,
  slot.month
FROM located
JOIN silver.slot AS slot
  ON slot.tz = located.time_zone
  AND slot.day_start_min = 0
  AND slot.res_min = 15
  AND slot.is_elapsed
  AND slot.start_utc = instant_at(unix_minutes(located.interval_start) + quotient(located.interval_minutes, 30) * 15)
WHERE located.res_min <= 60
UNION ALL
SELECT
  client_id, location_id, place, meter_id, fuel, channel, interval_start, interval_minutes, res_min, NULL, local_date, energy_kwh, quality, month
FROM located
WHERE res_min = 1440
