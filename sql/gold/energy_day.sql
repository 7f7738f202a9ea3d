-- One row a meter, fuel, channel and local day: its energy, its peak, and how whole it is. Where a day came at
-- several resolutions the finest is taken. The load factor is kWh / (hours of the day x peak kW), and NULL on a day
-- that isn't complete or whose peak is zero.
-- key: client_id, meter_id, fuel, channel, local_date
-- partition: month
-- increment: local_date
WITH told AS (
  SELECT
    client_id,
    meter_id,
    fuel,
    channel,
    local_date,
    res_min,
    min(source) AS source,
    sum(energy_kwh) AS energy_kwh,
    max(CASE interval_minutes
      WHEN 60 THEN energy_kwh
      WHEN 30 THEN energy_kwh * 2
      WHEN 15 THEN energy_kwh * 4
      ELSE kwh(rounded_quotient(micro_kwh(energy_kwh) * 60, interval_minutes)) END) AS peak_kw,
    count(*) AS present_intervals,
    sum(interval_minutes) AS present_minutes,
    month
  FROM silver.reading
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min, month
),
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date ORDER BY res_min) AS place,
    count(*) OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date) AS resolutions
  FROM told
),
expected AS (
  SELECT
    day.*,
    source.tz,
    source.day_start_min,
    length.day_minutes,
    CASE
      WHEN source.policy = 'variable_length' THEN length.n_slots
      WHEN source.policy IN ('utc', 'label_offset', 'fixed_standard_time') THEN length.n_slots
      ELSE length.n_runs
    END AS expected_intervals
  FROM ranked AS day
  JOIN bronze.source AS source ON source.source = day.source
  JOIN silver.day_length AS length
    ON length.tz = source.tz
    AND length.day_start_min = source.day_start_min
    AND length.local_date = day.local_date
    AND length.res_min = day.res_min
  WHERE day.place = 1
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
  CAST(resolutions AS INTEGER) AS resolutions,
  tz,
  day_start_min,
  month
FROM expected
