-- One row a meter, fuel, channel and local month: its energy, its peak, and how whole it is against the calendar's
-- month. The load factor is kWh / (hours of the month x peak kW), and NULL on a month that isn't complete or whose
-- peak is zero. A month that came as one value counts, and is complete, where its days aren't all there (is_month_reading); it
-- is never added to them.
-- key: client_id, meter_id, fuel, channel, month
-- increment: month
WITH month_reading AS (
  SELECT
    reading.*,
    source.tz,
    source.day_start_min,
    row_number() OVER (PARTITION BY reading.client_id, reading.meter_id, reading.fuel, reading.channel, reading.month ORDER BY reading.interval_start) AS place
  FROM silver.reading AS reading
  JOIN bronze.source AS source ON source.source = reading.source
  WHERE reading.res_min = 43200
),
entry AS (
  SELECT client_id, meter_id, fuel, channel, month, tz, day_start_min, energy_kwh, peak_kw, present_minutes,
    1 AS days,
    CASE WHEN present_intervals >= expected_intervals THEN 1 ELSE 0 END AS complete_days,
    CAST(NULL AS DECIMAL(18, 6)) AS month_kwh
  FROM gold.energy_day
  UNION ALL
  SELECT client_id, meter_id, fuel, channel, month, tz, day_start_min, 0, NULL, 0, 0, 0, energy_kwh
  FROM month_reading
  WHERE place = 1
),
added AS (
  SELECT
    client_id,
    meter_id,
    fuel,
    channel,
    month,
    min(tz) AS tz,
    min(day_start_min) AS day_start_min,
    sum(energy_kwh) AS energy_kwh,
    CASE WHEN count(peak_kw) = sum(days) THEN max(peak_kw) END AS peak_kw,
    sum(days) AS present_days,
    sum(complete_days) AS complete_days,
    sum(present_minutes) AS present_minutes,
    max(month_kwh) AS month_kwh
  FROM entry
  GROUP BY client_id, meter_id, fuel, channel, month
),
calendar AS (
  SELECT tz, day_start_min, month, sum(day_minutes) AS month_minutes, count(*) AS month_days
  FROM silver.day_length
  WHERE res_min = 60
  GROUP BY tz, day_start_min, month
),
told AS (
  SELECT added.*, calendar.month_minutes, calendar.month_days,
    added.month_kwh IS NOT NULL AND added.complete_days < calendar.month_days AS is_month_reading
  FROM added
  JOIN calendar ON calendar.tz = added.tz AND calendar.day_start_min = added.day_start_min AND calendar.month = added.month
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  month,
  CAST(CASE WHEN is_month_reading THEN month_kwh ELSE energy_kwh END AS DECIMAL(18, 6)) AS energy_kwh,
  CAST(CASE WHEN NOT is_month_reading THEN peak_kw END AS DECIMAL(18, 6)) AS peak_kw,
  CASE WHEN complete_days = month_days THEN ratio(micro_kwh(energy_kwh) * 60, month_minutes * micro_kwh(peak_kw)) END AS load_factor,
  CAST(month_days AS INTEGER) AS expected_days,
  CAST(present_days AS INTEGER) AS present_days,
  CAST(complete_days AS INTEGER) AS complete_days,
  CASE WHEN is_month_reading THEN CAST(1 AS DECIMAL(9, 6)) ELSE ratio(present_minutes, month_minutes) END AS completeness,
  is_month_reading
FROM told
