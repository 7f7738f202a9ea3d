-- One row a home and date of its calendar: the sums of its hours, and what came as one value of a day where a meter tells no hours.
-- A day has 23 or 25 hours where the clock changes in it. Heating degree days are how far the day's mean temperature is below
-- heating_base_c, cooling degree days how far above cooling_base_c, and NULL where the temperature of an hour isn't known. The
-- mean is over the hours of the calendar, weighted by their length. A gas day that begins at six counts for the date that it is
-- named by.
-- key: client_id, location_id, local_date
-- partition: month
-- increment: local_date
-- param: heating_base_c = 18.0
-- param: cooling_base_c = 22.0
WITH entry AS (
  SELECT client_id, location_id, place, local_date, month, import_kwh, export_kwh, production_kwh, consumption_kwh,
    CAST(NULL AS DECIMAL(18, 6)) AS metered_kwh, gas_kwh, CAST(NULL AS DECIMAL(18, 6)) AS gas_import_kwh, CAST(NULL AS DECIMAL(18, 6)) AS gas_metered_kwh,
    heat_kwh, CAST(NULL AS DECIMAL(18, 6)) AS heat_import_kwh, CAST(NULL AS DECIMAL(18, 6)) AS heat_metered_kwh, cost_eur, export_value_eur, present_minutes, expected_minutes,
    CASE WHEN completeness = 1 THEN 1 ELSE 0 END AS whole_hours, is_estimated
  FROM gold.home_hour
  UNION ALL
  SELECT client_id, location_id, place, local_date, month,
    CASE WHEN fuel = 'electricity' AND channel = 'import' THEN energy_kwh END,
    CASE WHEN fuel = 'electricity' AND channel = 'export' THEN energy_kwh END,
    CASE WHEN fuel = 'electricity' AND channel = 'production' THEN energy_kwh END,
    NULL,
    CASE WHEN fuel = 'electricity' AND channel = 'consumption' THEN energy_kwh END,
    NULL,
    CASE WHEN fuel = 'gas' AND channel = 'import' THEN energy_kwh END,
    CASE WHEN fuel = 'gas' AND channel = 'consumption' THEN energy_kwh END,
    NULL,
    CASE WHEN fuel = 'district_heating' AND channel = 'import' THEN energy_kwh END,
    CASE WHEN fuel = 'district_heating' AND channel = 'consumption' THEN energy_kwh END,
    NULL, NULL, interval_minutes, interval_minutes, 0, quality = 'estimated'
  FROM silver.home_reading
  WHERE hour_start IS NULL
),
day AS (
  SELECT
    client_id,
    location_id,
    place,
    local_date,
    month,
    sum(import_kwh) AS import_kwh,
    sum(export_kwh) AS export_kwh,
    sum(production_kwh) AS production_kwh,
    sum(consumption_kwh) AS hours_kwh,
    sum(metered_kwh) AS metered_kwh,
    CASE WHEN count(gas_kwh) + count(gas_import_kwh) + count(gas_metered_kwh) > 0
      THEN coalesce(sum(gas_kwh), 0) + coalesce(sum(gas_metered_kwh), sum(gas_import_kwh), 0) END AS gas_kwh,
    CASE WHEN count(heat_kwh) + count(heat_import_kwh) + count(heat_metered_kwh) > 0
      THEN coalesce(sum(heat_kwh), 0) + coalesce(sum(heat_metered_kwh), sum(heat_import_kwh), 0) END AS heat_kwh,
    sum(cost_eur) AS cost_eur,
    sum(export_value_eur) AS export_value_eur,
    sum(present_minutes) AS present_minutes,
    sum(expected_minutes) AS expected_minutes,
    sum(whole_hours) AS whole_hours,
    bool_or(is_estimated) AS is_estimated
  FROM entry
  GROUP BY client_id, location_id, place, local_date, month
),
outside AS (
  SELECT
    place,
    local_date,
    sum(hour_minutes) AS day_minutes,
    CASE WHEN count(temperature_c) = count(*) THEN mean_of(sum(temperature_c * hour_minutes), sum(hour_minutes)) END AS mean_temperature_c,
    min(temperature_c) AS min_temperature_c,
    max(temperature_c) AS max_temperature_c
  FROM silver.local_hour
  GROUP BY place, local_date
),
solar AS (
  SELECT client_id, location_id, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to, coalesce(solar_kwp, 0) > 0 AS has_panels
  FROM silver.home_profile
  UNION ALL
  SELECT client_id, location_id, DATE '1970-01-01', valid_from, false
  FROM silver.home_profile
  WHERE nth = 1
)
SELECT
  day.client_id,
  day.location_id,
  day.local_date,
  CAST(outside.day_minutes AS INTEGER) AS day_minutes,
  CAST(day.import_kwh AS DECIMAL(18, 6)) AS import_kwh,
  CAST(day.export_kwh AS DECIMAL(18, 6)) AS export_kwh,
  CAST(day.production_kwh AS DECIMAL(18, 6)) AS production_kwh,
  CAST(CASE
    WHEN day.hours_kwh IS NOT NULL THEN day.hours_kwh
    WHEN day.metered_kwh IS NOT NULL THEN day.metered_kwh
    WHEN solar.has_panels OR day.production_kwh IS NOT NULL OR day.export_kwh IS NOT NULL
      THEN CASE WHEN day.present_minutes >= day.expected_minutes THEN day.import_kwh + day.production_kwh - day.export_kwh END
    ELSE day.import_kwh
  END AS DECIMAL(18, 6)) AS consumption_kwh,
  CAST(day.gas_kwh AS DECIMAL(18, 6)) AS gas_kwh,
  CAST(day.heat_kwh AS DECIMAL(18, 6)) AS heat_kwh,
  CAST(day.cost_eur AS DECIMAL(18, 6)) AS cost_eur,
  CAST(day.export_value_eur AS DECIMAL(18, 6)) AS export_value_eur,
  CAST(outside.mean_temperature_c AS DECIMAL(18, 6)) AS mean_temperature_c,
  CAST(outside.min_temperature_c AS DECIMAL(18, 6)) AS min_temperature_c,
  CAST(outside.max_temperature_c AS DECIMAL(18, 6)) AS max_temperature_c,
  CAST(CASE
    WHEN outside.mean_temperature_c < CAST(parameter.heating_base_c AS DECIMAL(18, 6)) THEN CAST(parameter.heating_base_c AS DECIMAL(18, 6)) - outside.mean_temperature_c
    WHEN outside.mean_temperature_c IS NOT NULL THEN 0
  END AS DECIMAL(18, 6)) AS heating_degree_days,
  CAST(CASE
    WHEN outside.mean_temperature_c > CAST(parameter.cooling_base_c AS DECIMAL(18, 6)) THEN outside.mean_temperature_c - CAST(parameter.cooling_base_c AS DECIMAL(18, 6))
    WHEN outside.mean_temperature_c IS NOT NULL THEN 0
  END AS DECIMAL(18, 6)) AS cooling_degree_days,
  CAST(day.whole_hours AS INTEGER) AS whole_hours,
  CAST(day.present_minutes AS INTEGER) AS present_minutes,
  CAST(day.expected_minutes AS INTEGER) AS expected_minutes,
  ratio(least(day.present_minutes, day.expected_minutes), day.expected_minutes) AS completeness,
  day.is_estimated,
  day.place,
  day.month
FROM day
CROSS JOIN parameter
JOIN outside ON outside.place = day.place AND outside.local_date = day.local_date
JOIN solar
  ON solar.client_id = day.client_id
  AND solar.location_id = day.location_id
  AND solar.valid_from <= day.local_date
  AND day.local_date < solar.valid_to
