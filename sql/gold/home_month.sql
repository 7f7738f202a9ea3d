-- One row a home and month of its calendar: the sums of its days, and what came as one value of a month where a meter's days aren't
-- all there, in place of them, as gold.energy_month has it (month_series says of how many series). Degree days are those of the
-- days that the home has, or of the whole month where it has none, and NULL where the temperature of one isn't known. Only days
-- have a cost. completeness is against all days of the calendar's month.
-- key: client_id, location_id, month
-- increment: month
-- param: heating_base_c = 18.0
-- param: cooling_base_c = 22.0
WITH month_reading AS (
  SELECT meter.client_id, meter.location_id, meter.meter_id, energy.fuel, energy.channel, energy.month, energy.energy_kwh
  FROM gold.energy_month AS energy
  JOIN silver.meter AS meter ON meter.client_id = energy.client_id AND meter.meter_id = energy.meter_id AND meter.fuel = energy.fuel
  WHERE energy.is_month_reading
),
-- The days of a meter whose month is told as one value are in the sums of days already.
counted AS (
  SELECT energy.client_id, energy.meter_id, energy.fuel, energy.channel, energy.month, sum(energy.energy_kwh) AS energy_kwh
  FROM gold.energy_day AS energy
  JOIN month_reading AS told
    ON told.client_id = energy.client_id
    AND told.meter_id = energy.meter_id
    AND told.fuel = energy.fuel
    AND told.channel = energy.channel
    AND told.month = energy.month
  GROUP BY energy.client_id, energy.meter_id, energy.fuel, energy.channel, energy.month
),
rest AS (
  SELECT told.*, told.energy_kwh - coalesce(counted.energy_kwh, 0) AS rest_kwh
  FROM month_reading AS told
  LEFT JOIN counted
    ON counted.client_id = told.client_id
    AND counted.meter_id = told.meter_id
    AND counted.fuel = told.fuel
    AND counted.channel = told.channel
    AND counted.month = told.month
),
entry AS (
  SELECT client_id, location_id, month, import_kwh, export_kwh, production_kwh, consumption_kwh, gas_kwh, heat_kwh,
    CAST(NULL AS DECIMAL(18, 6)) AS rest_kwh, cost_eur, export_value_eur, heating_degree_days, cooling_degree_days, 1 AS days,
    CASE WHEN completeness = 1 THEN 1 ELSE 0 END AS whole_days, completeness, 0 AS series
  FROM gold.home_day
  UNION ALL
  SELECT client_id, location_id, month,
    CASE WHEN fuel = 'electricity' AND channel = 'import' THEN rest_kwh END,
    CASE WHEN fuel = 'electricity' AND channel = 'export' THEN rest_kwh END,
    CASE WHEN fuel = 'electricity' AND channel = 'production' THEN rest_kwh END,
    CASE WHEN fuel = 'electricity' AND channel = 'consumption' THEN rest_kwh END,
    CASE WHEN fuel = 'gas' AND channel IN ('import', 'consumption') THEN rest_kwh END,
    CASE WHEN fuel = 'district_heating' AND channel IN ('import', 'consumption') THEN rest_kwh END,
    CASE fuel WHEN 'electricity' THEN CASE channel WHEN 'export' THEN -rest_kwh WHEN 'consumption' THEN NULL ELSE rest_kwh END END,
    NULL, NULL, NULL, NULL, 0, 0, NULL, 1
  FROM rest
),
told AS (
  SELECT
    client_id,
    location_id,
    month,
    sum(import_kwh) AS import_kwh,
    sum(export_kwh) AS export_kwh,
    sum(production_kwh) AS production_kwh,
    sum(consumption_kwh) AS consumption_kwh,
    sum(rest_kwh) AS rest_kwh,
    sum(gas_kwh) AS gas_kwh,
    sum(heat_kwh) AS heat_kwh,
    sum(cost_eur) AS cost_eur,
    sum(export_value_eur) AS export_value_eur,
    CASE WHEN count(heating_degree_days) = sum(days) THEN sum(heating_degree_days) END AS heating_degree_days,
    CASE WHEN count(cooling_degree_days) = sum(days) THEN sum(cooling_degree_days) END AS cooling_degree_days,
    sum(days) AS days,
    sum(whole_days) AS whole_days,
    sum(completeness) AS completeness,
    sum(series) AS series
  FROM entry
  GROUP BY client_id, location_id, month
),
outside AS (
  SELECT
    place,
    month,
    CASE WHEN count(temperature_c) = count(*) THEN mean_of(sum(temperature_c * hour_minutes), sum(hour_minutes)) END AS mean_temperature_c
  FROM silver.local_hour
  GROUP BY place, month, local_date
),
degree AS (
  SELECT
    place,
    month,
    count(*) AS days,
    CASE WHEN count(mean_temperature_c) = count(*) THEN sum(
      CASE WHEN mean_temperature_c < CAST(parameter.heating_base_c AS DECIMAL(18, 6)) THEN CAST(parameter.heating_base_c AS DECIMAL(18, 6)) - mean_temperature_c ELSE 0 END
    ) END AS heating_degree_days,
    CASE WHEN count(mean_temperature_c) = count(*) THEN sum(
      CASE WHEN mean_temperature_c > CAST(parameter.cooling_base_c AS DECIMAL(18, 6)) THEN mean_temperature_c - CAST(parameter.cooling_base_c AS DECIMAL(18, 6)) ELSE 0 END
    ) END AS cooling_degree_days
  FROM outside
  CROSS JOIN parameter
  GROUP BY place, month
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
  told.client_id,
  told.location_id,
  told.month,
  CAST(told.import_kwh AS DECIMAL(18, 6)) AS import_kwh,
  CAST(told.export_kwh AS DECIMAL(18, 6)) AS export_kwh,
  CAST(told.production_kwh AS DECIMAL(18, 6)) AS production_kwh,
  CAST(CASE
    WHEN told.series = 0 OR told.rest_kwh IS NULL THEN told.consumption_kwh
    WHEN solar.has_panels OR told.production_kwh IS NOT NULL OR told.export_kwh IS NOT NULL
      THEN told.import_kwh + told.production_kwh - told.export_kwh
    ELSE coalesce(told.consumption_kwh, 0) + told.rest_kwh
  END AS DECIMAL(18, 6)) AS consumption_kwh,
  CAST(told.gas_kwh AS DECIMAL(18, 6)) AS gas_kwh,
  CAST(told.heat_kwh AS DECIMAL(18, 6)) AS heat_kwh,
  CAST(told.cost_eur AS DECIMAL(18, 6)) AS cost_eur,
  CAST(told.export_value_eur AS DECIMAL(18, 6)) AS export_value_eur,
  CAST(CASE WHEN told.days > 0 THEN told.heating_degree_days ELSE degree.heating_degree_days END AS DECIMAL(18, 6)) AS heating_degree_days,
  CAST(CASE WHEN told.days > 0 THEN told.cooling_degree_days ELSE degree.cooling_degree_days END AS DECIMAL(18, 6)) AS cooling_degree_days,
  CAST(degree.days AS INTEGER) AS expected_days,
  CAST(told.days AS INTEGER) AS present_days,
  CAST(told.whole_days AS INTEGER) AS whole_days,
  CAST(told.series AS INTEGER) AS month_series,
  CASE WHEN told.days = 0 THEN CAST(1 AS DECIMAL(9, 6)) ELSE CAST(mean_of(told.completeness, degree.days) AS DECIMAL(9, 6)) END AS completeness
FROM told
JOIN silver.location AS location ON location.client_id = told.client_id AND location.location_id = told.location_id
JOIN degree ON degree.place = location.place AND degree.month = told.month
-- A month's value is read by what the profile says on its 28th.
JOIN solar
  ON solar.client_id = told.client_id
  AND solar.location_id = told.location_id
  AND solar.valid_from <= CAST(told.month || '-28' AS DATE)
  AND CAST(told.month || '-28' AS DATE) < solar.valid_to
