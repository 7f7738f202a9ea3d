-- One row a meter, fuel, channel and local day: its energy, its peak, and how whole it is. Where a day came at
-- several resolutions the finest is taken; coarsest_res_min tells that there were. The load factor is
-- kWh / (hours of the day x peak kW), and NULL on a day that isn't complete or whose peak is zero.
-- key: client_id, meter_id, fuel, channel, local_date
-- partition: month
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
    max(kw(energy_kwh, interval_minutes)) AS peak_kw,
    count(*) AS present_intervals,
    sum(interval_minutes) AS present_minutes
  FROM silver.reading
  GROUP BY client_id, meter_id, fuel, channel, local_date
),
-- Days of several resolutions are few: they are added up again, from their finest alone.
mixed AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, coarsest_res_min FROM told WHERE coarsest_res_min > res_min
),
day AS (
  SELECT * FROM told WHERE coarsest_res_min = res_min
  UNION ALL
  SELECT
    reading.client_id,
    reading.meter_id,
    reading.fuel,
    reading.channel,
    reading.local_date,
    min(reading.res_min) AS res_min,
    max(mixed.coarsest_res_min) AS coarsest_res_min,
    min(reading.source) AS source,
    min(reading.interval_start) AS first_interval_start,
    sum(reading.energy_kwh) AS energy_kwh,
    max(kw(reading.energy_kwh, reading.interval_minutes)) AS peak_kw,
    count(*) AS present_intervals,
    sum(reading.interval_minutes) AS present_minutes
  FROM silver.reading AS reading
  JOIN mixed
    ON mixed.client_id = reading.client_id
    AND mixed.meter_id = reading.meter_id
    AND mixed.fuel = reading.fuel
    AND mixed.channel = reading.channel
    AND mixed.local_date = reading.local_date
    AND mixed.res_min = reading.res_min
  GROUP BY reading.client_id, reading.meter_id, reading.fuel, reading.channel, reading.local_date
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
  CAST(coarsest_res_min AS INTEGER) AS coarsest_res_min,
  first_interval_start,
  source,
  tz,
  day_start_min,
  month
FROM expected
