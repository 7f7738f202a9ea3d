-- One row a region and local day: its energy, its peak, and the load factor, kWh / (hours x peak_kw), NULL where an hour of the day is
-- missing. A day has 23 or 25 hours where the clock changes in it.
-- key: source, region, local_date
-- increment: local_date
WITH day AS (
  SELECT
    source,
    region,
    tz,
    local_date,
    sum(energy_kwh) AS energy_kwh,
    max(kw(energy_kwh, interval_minutes)) AS peak_kw,
    count(*) AS present_hours
  FROM silver.regional_load
  GROUP BY source, region, tz, local_date
)
SELECT
  day.source,
  day.region,
  day.local_date,
  CAST(day.energy_kwh AS DECIMAL(18, 6)) AS energy_kwh,
  CAST(day.peak_kw AS DECIMAL(18, 6)) AS peak_kw,
  CASE WHEN day.present_hours >= length.n_slots
    THEN ratio(micro_kwh(day.energy_kwh) * 60, length.day_minutes * micro_kwh(day.peak_kw)) END AS load_factor,
  length.n_slots AS hours,
  CAST(day.present_hours AS INTEGER) AS present_hours,
  ratio(day.present_hours, length.n_slots) AS completeness,
  day.tz,
  length.month
FROM day
JOIN silver.day_length AS length
  ON length.tz = day.tz
  AND length.day_start_min = 0
  AND length.local_date = day.local_date
  AND length.res_min = 60
