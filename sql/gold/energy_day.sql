-- One row a meter, fuel, channel and local day: its energy, its peak, and how whole it is. Where a day came at
-- several resolutions the finest is taken; finest_res_min and coarsest_res_min tell that there were. The load factor is
-- kWh / (hours of the day x peak kW), and NULL on a day that isn't complete or whose peak is zero. A day that came as one
-- value (res_min 1440) counts where finer readings don't fill it, is never added to them, and has no peak. A month's value is no day's, nor is that of a
-- register over a time that is no interval of the calendar: gold.energy_month and silver.reading have those.
-- key: client_id, meter_id, fuel, channel, local_date
-- increment: local_date
-- fresh: 34 hours
WITH told AS (
  SELECT
    client_id,
    meter_id,
    fuel,
    channel,
    local_date,
    min(res_min) AS res_min,
    max(res_min) AS coarsest_res_min,
    min(source) AS source,
    min(interval_start) AS first_interval_start,
    sum(energy_kwh) AS energy_kwh,
    max(CASE WHEN res_min <= 60 THEN kw(energy_kwh, interval_minutes) END) AS peak_kw,
    count(*) AS present_intervals,
    sum(interval_minutes) AS present_minutes
  FROM silver.reading
  WHERE res_min <= 1440
  GROUP BY client_id, meter_id, fuel, channel, local_date
),
-- Days of several resolutions are few: they are added up again, from their finest alone, and beside it from what came of
-- the day as a whole.
mixed AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, coarsest_res_min FROM told WHERE coarsest_res_min > res_min
),
parted AS (
  SELECT
    reading.client_id,
    reading.meter_id,
    reading.fuel,
    reading.channel,
    reading.local_date,
    reading.res_min,
    min(mixed.res_min) AS finest_res_min,
    max(mixed.coarsest_res_min) AS coarsest_res_min,
    min(reading.source) AS source,
    min(reading.interval_start) AS first_interval_start,
    sum(reading.energy_kwh) AS energy_kwh,
    max(CASE WHEN reading.res_min <= 60 THEN kw(reading.energy_kwh, reading.interval_minutes) END) AS peak_kw,
    count(*) AS present_intervals,
    sum(reading.interval_minutes) AS present_minutes
  FROM silver.reading AS reading
  JOIN mixed
    ON mixed.client_id = reading.client_id
    AND mixed.meter_id = reading.meter_id
    AND mixed.fuel = reading.fuel
    AND mixed.channel = reading.channel
    AND mixed.local_date = reading.local_date
    AND (reading.res_min = mixed.res_min OR reading.res_min = 1440)
  GROUP BY reading.client_id, reading.meter_id, reading.fuel, reading.channel, reading.local_date, reading.res_min
),
-- The part that covers more of the day; of two that cover as much, the finer.
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date ORDER BY present_minutes DESC, res_min) AS place
  FROM parted
),
day AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, res_min AS finest_res_min, coarsest_res_min, source, first_interval_start,
    energy_kwh, peak_kw, present_intervals, present_minutes
  FROM told
  WHERE coarsest_res_min = res_min
  UNION ALL
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, finest_res_min, coarsest_res_min, source, first_interval_start,
    energy_kwh, peak_kw, present_intervals, present_minutes
  FROM ranked
  WHERE place = 1
),
expected AS (
  SELECT
    day.*,
    source.tz,
    source.day_start_min,
    length.day_minutes,
    length.month,
    CASE WHEN source.policy IN ('variable_length', 'utc', 'label_offset', 'fixed_standard_time') THEN length.n_slots ELSE length.n_runs END
      AS expected_intervals
  FROM day
  JOIN bronze.source AS source ON source.source = day.source
  JOIN silver.day_length AS length
    ON length.tz = source.tz
    AND length.day_start_min = source.day_start_min
    AND length.local_date = day.local_date
    AND length.res_min = day.res_min
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  local_date,
  CAST(energy_kwh AS DECIMAL(18, 6)) AS energy_kwh,
  CAST(peak_kw AS DECIMAL(18, 6)) AS peak_kw,
  CASE WHEN present_intervals >= expected_intervals
    THEN ratio(micro_kwh(energy_kwh) * 60, day_minutes * micro_kwh(peak_kw)) END AS load_factor,
  CAST(expected_intervals AS INTEGER) AS expected_intervals,
  CAST(present_intervals AS INTEGER) AS present_intervals,
  ratio(present_intervals, expected_intervals) AS completeness,
  CAST(day_minutes AS INTEGER) AS day_minutes,
  CAST(present_minutes AS INTEGER) AS present_minutes,
  CAST(res_min AS INTEGER) AS res_min,
  CAST(finest_res_min AS INTEGER) AS finest_res_min,
  CAST(coarsest_res_min AS INTEGER) AS coarsest_res_min,
  first_interval_start,
  source,
  tz,
  day_start_min,
  month
FROM expected
