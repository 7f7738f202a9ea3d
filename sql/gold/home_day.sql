-- One row a home and date of its calendar: the sums of its hours, and what came as one value of a day where a meter's hours don't
-- fill it, in place of them (day_series says of how many series).
-- A day has 23 or 25 hours where the clock changes in it. Heating degree days are how far the day's mean temperature is below
-- heating_base_c, cooling degree days how far above cooling_base_c, and NULL where the temperature of an hour isn't known. The
-- mean is over the hours of the calendar, weighted by their length. A gas day that begins at six counts for the date that it is
-- named by.
-- key: client_id, location_id, local_date
-- increment: local_date
-- param: heating_base_c = 18.0
-- param: cooling_base_c = 22.0
WITH whole_day AS (
  SELECT * FROM silver.home_reading WHERE hour_start IS NULL
),
-- The hours of a meter whose day is told as one value are in the sums of hours already.
counted AS (
  SELECT reading.client_id, reading.meter_id, reading.fuel, reading.channel, reading.local_date,
    sum(reading.energy_kwh) AS energy_kwh, sum(reading.interval_minutes) AS minutes
  FROM silver.home_reading AS reading
  JOIN whole_day
    ON whole_day.client_id = reading.client_id
    AND whole_day.meter_id = reading.meter_id
    AND whole_day.fuel = reading.fuel
    AND whole_day.channel = reading.channel
    AND whole_day.local_date = reading.local_date
  WHERE reading.hour_start IS NOT NULL
  GROUP BY reading.client_id, reading.meter_id, reading.fuel, reading.channel, reading.local_date
),
rest AS (
  SELECT
    whole_day.*,
    whole_day.energy_kwh - coalesce(counted.energy_kwh, 0) AS rest_kwh,
    whole_day.interval_minutes - coalesce(counted.minutes, 0) AS rest_minutes,
    CASE WHEN counted.minutes IS NULL THEN whole_day.interval_minutes ELSE 0 END AS more_minutes
  FROM whole_day
  LEFT JOIN counted
    ON counted.client_id = whole_day.client_id
    AND counted.meter_id = whole_day.meter_id
    AND counted.fuel = whole_day.fuel
    AND counted.channel = whole_day.channel
    AND counted.local_date = whole_day.local_date
),
entry AS (
  SELECT client_id, location_id, place, local_date, month, import_kwh, export_kwh, production_kwh, consumption_kwh,
    CAST(NULL AS DECIMAL(18, 6)) AS metered_kwh, gas_kwh, CAST(NULL AS DECIMAL(18, 6)) AS gas_import_kwh, CAST(NULL AS DECIMAL(18, 6)) AS gas_metered_kwh,
    heat_kwh, CAST(NULL AS DECIMAL(18, 6)) AS heat_import_kwh, CAST(NULL AS DECIMAL(18, 6)) AS heat_metered_kwh, cost_eur, export_value_eur, present_minutes, expected_minutes,
    CASE WHEN completeness = 1 THEN 1 ELSE 0 END AS whole_hours, 0 AS series, 0 AS electricity_series, is_estimated
  FROM gold.home_hour
  UNION ALL
  SELECT client_id, location_id, place, local_date, month,
    CASE WHEN fuel = 'electricity' AND channel = 'import' THEN rest_kwh END,
    CASE WHEN fuel = 'electricity' AND channel = 'export' THEN rest_kwh END,
    CASE WHEN fuel = 'electricity' AND channel = 'production' THEN rest_kwh END,
    NULL,
    CASE WHEN fuel = 'electricity' AND channel = 'consumption' THEN rest_kwh END,
    NULL,
    CASE WHEN fuel = 'gas' AND channel = 'import' THEN rest_kwh END,
    CASE WHEN fuel = 'gas' AND channel = 'consumption' THEN rest_kwh END,
    NULL,
    CASE WHEN fuel = 'district_heating' AND channel = 'import' THEN rest_kwh END,
    CASE WHEN fuel = 'district_heating' AND channel = 'consumption' THEN rest_kwh END,
    NULL, NULL, rest_minutes, more_minutes, 0, 1, CASE WHEN fuel = 'electricity' THEN 1 ELSE 0 END, quality = 'estimated'
  FROM rest
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
    sum(series) AS series,
    sum(electricity_series) AS electricity_series,
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
    WHEN day.hours_kwh IS NOT NULL AND day.electricity_series = 0 THEN day.hours_kwh
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
  CAST(day.series AS INTEGER) AS day_series,
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
