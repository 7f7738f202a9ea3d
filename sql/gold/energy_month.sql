-- One row a meter, fuel, channel and local month: its energy, its peak, and how whole it is against the calendar's
-- month. The load factor is kWh / (hours of the month x peak kW), and NULL on a month that isn't complete or whose
-- peak is zero.
-- key: client_id, meter_id, fuel, channel, month
-- partition: month
-- increment: month
WITH told AS (
  SELECT
    day.client_id,
    day.meter_id,
    day.fuel,
    day.channel,
    day.month,
    min(day.tz) AS tz,
    min(day.day_start_min) AS day_start_min,
    sum(day.energy_kwh) AS energy_kwh,
    max(day.peak_kw) AS peak_kw,
    count(*) AS present_days,
    sum(CASE WHEN day.present_intervals >= day.expected_intervals THEN 1 ELSE 0 END) AS complete_days,
    sum(day.present_minutes) AS present_minutes
  FROM gold.energy_day AS day
  GROUP BY day.client_id, day.meter_id, day.fuel, day.channel, day.month
),
calendar AS (
  SELECT tz, day_start_min, month, sum(day_minutes) AS month_minutes, count(*) AS month_days
  FROM silver.day_length
  WHERE res_min = 60
  GROUP BY tz, day_start_min, month
)
SELECT
  told.client_id,
  told.meter_id,
  told.fuel,
  told.channel,
  told.month,
  CAST(told.energy_kwh AS DECIMAL(18, 6)) AS energy_kwh,
  CAST(told.peak_kw AS DECIMAL(18, 6)) AS peak_kw,
  CASE WHEN told.complete_days = calendar.month_days
    THEN ratio(micro_kwh(told.energy_kwh) * 60, calendar.month_minutes * micro_kwh(told.peak_kw)) END AS load_factor,
  CAST(calendar.month_days AS INTEGER) AS expected_days,
  CAST(told.present_days AS INTEGER) AS present_days,
  CAST(told.complete_days AS INTEGER) AS complete_days,
  ratio(told.present_minutes, calendar.month_minutes) AS completeness
FROM told
JOIN calendar ON calendar.tz = told.tz AND calendar.day_start_min = told.day_start_min AND calendar.month = told.month
