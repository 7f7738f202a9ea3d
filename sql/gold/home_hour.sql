-- One row a home and hour of its calendar, known by its UTC start, on each day for which any meter of the home has readings of an
-- hour or less: the table that models start from. Energy is the sum of its meters' readings, NULL where there are none; consumption is
-- import + production - export where all three are known and whole, what a meter of consumption says where there is one, import
-- where the home has neither panels nor a meter of them, and else not known. Cost is import at the day-ahead price, or
-- consumption where import isn't metered, and export value the export's, each reading at the price over it, which is a mean
-- where the price is the finer; rounded once an hour. The profile is the one that holds on the date. completeness is of all
-- series that told of hours on the date or in the seven days before, so a meter that falls silent is missed for a week.
-- key: client_id, location_id, hour_start
-- increment: local_date
-- lookback: 7 days
WITH priced AS (
  SELECT
    reading.*,
    CASE
      WHEN reading.interval_minutes = 15 THEN CASE unix_minutes(reading.interval_start) - unix_minutes(reading.hour_start)
        WHEN 0 THEN hour.price_1 WHEN 15 THEN hour.price_2 WHEN 30 THEN hour.price_3 ELSE hour.price_4 END
      WHEN reading.interval_minutes = 30 THEN CASE unix_minutes(reading.interval_start) - unix_minutes(reading.hour_start)
        WHEN 0 THEN mean_of(hour.price_1 + hour.price_2, 2)
        WHEN 30 THEN mean_of(hour.price_3 + hour.price_4, 2)
        ELSE hour.price_eur_mwh END
      ELSE hour.price_eur_mwh
    END AS over_eur_mwh
  FROM silver.home_reading AS reading
  JOIN silver.local_hour AS hour ON hour.place = reading.place AND hour.hour_start = reading.hour_start
),
told AS (
  SELECT
    client_id,
    location_id,
    hour_start,
    sum(CASE WHEN fuel = 'electricity' AND channel = 'import' THEN energy_kwh END) AS import_kwh,
    sum(CASE WHEN fuel = 'electricity' AND channel = 'export' THEN energy_kwh END) AS export_kwh,
    sum(CASE WHEN fuel = 'electricity' AND channel = 'production' THEN energy_kwh END) AS production_kwh,
    sum(CASE WHEN fuel = 'electricity' AND channel = 'consumption' THEN energy_kwh END) AS metered_kwh,
    sum(CASE WHEN fuel = 'gas' AND channel = 'import' THEN energy_kwh END) AS gas_import_kwh,
    sum(CASE WHEN fuel = 'gas' AND channel = 'consumption' THEN energy_kwh END) AS gas_metered_kwh,
    sum(CASE WHEN fuel = 'district_heating' AND channel = 'import' THEN energy_kwh END) AS heat_import_kwh,
    sum(CASE WHEN fuel = 'district_heating' AND channel = 'consumption' THEN energy_kwh END) AS heat_metered_kwh,
    -- EUR/MWh x kWh is thousandths of EUR, and its third decimal a millionth: the one rounding.
    CAST(sum(CASE WHEN fuel = 'electricity' AND channel = 'import' THEN energy_kwh * over_eur_mwh END) AS DECIMAL(31, 3)) AS import_cost,
    CAST(sum(CASE WHEN fuel = 'electricity' AND channel = 'export' THEN energy_kwh * over_eur_mwh END) AS DECIMAL(31, 3)) AS export_value,
    CAST(sum(CASE WHEN fuel = 'electricity' AND channel = 'consumption' THEN energy_kwh * over_eur_mwh END) AS DECIMAL(31, 3)) AS metered_cost,
    bool_or(over_eur_mwh IS NULL AND fuel = 'electricity') AS is_unpriced,
    sum(CASE WHEN fuel = 'electricity' THEN interval_minutes ELSE 0 END) AS electricity_minutes,
    sum(interval_minutes) AS present_minutes,
    bool_or(quality = 'estimated') AS is_estimated
  FROM priced
  GROUP BY client_id, location_id, hour_start
),
series AS (
  SELECT DISTINCT client_id, location_id, local_date, meter_id, fuel, channel
  FROM silver.home_reading
  WHERE hour_start IS NOT NULL
),
day AS (
  SELECT
    today.client_id,
    today.location_id,
    today.place,
    today.local_date,
    today.month,
    count(DISTINCT CASE WHEN known.fuel = 'electricity' THEN known.meter_id || ' ' || known.channel END) AS electricity_series,
    count(DISTINCT known.meter_id || ' ' || known.fuel || ' ' || known.channel) AS series,
    bool_or(known.fuel = 'electricity' AND known.channel IN ('production', 'export')) AS has_panels
  FROM (SELECT DISTINCT client_id, location_id, place, local_date, month FROM silver.home_reading WHERE hour_start IS NOT NULL) AS today
  JOIN series AS known
    ON known.client_id = today.client_id
    AND known.location_id = today.location_id
    AND unix_date(known.local_date) BETWEEN unix_date(today.local_date) - 7 AND unix_date(today.local_date)
  GROUP BY today.client_id, today.location_id, today.place, today.local_date, today.month
),
-- Before its first profile nothing is known of a home.
profile AS (
  SELECT client_id, location_id, DATE '1970-01-01' AS valid_from, valid_from AS valid_to, CAST(NULL AS STRING) AS dwelling_type,
    CAST(NULL AS DECIMAL(18, 6)) AS floor_area_m2, CAST(NULL AS INTEGER) AS year_built, CAST(NULL AS INTEGER) AS occupants,
    CAST(NULL AS STRING) AS heating_type, CAST(NULL AS STRING) AS hot_water_type, CAST(NULL AS DECIMAL(18, 6)) AS solar_kwp,
    CAST(NULL AS DECIMAL(18, 6)) AS battery_kwh, CAST(NULL AS BOOLEAN) AS has_ev
  FROM silver.home_profile
  WHERE nth = 1
  UNION ALL
  SELECT client_id, location_id, valid_from, coalesce(valid_to, DATE '9999-12-31'), dwelling_type, floor_area_m2, year_built, occupants,
    heating_type, hot_water_type, solar_kwp, battery_kwh, has_ev
  FROM silver.home_profile
),
hour AS (
  SELECT
    day.*,
    hour.hour_start,
    hour.local_hour,
    hour.hour_minutes,
    hour.temperature_c,
    hour.wind_m_per_s,
    hour.cloud_percent,
    hour.irradiance_w_per_m2,
    hour.price_eur_mwh,
    told.import_kwh,
    told.export_kwh,
    told.production_kwh,
    told.metered_kwh,
    coalesce(told.gas_metered_kwh, told.gas_import_kwh) AS gas_kwh,
    coalesce(told.heat_metered_kwh, told.heat_import_kwh) AS heat_kwh,
    CASE WHEN NOT told.is_unpriced THEN coalesce(told.import_cost, told.metered_cost) * 0.001 END AS cost_eur,
    CASE WHEN NOT told.is_unpriced THEN told.export_value * 0.001 END AS export_value_eur,
    coalesce(told.electricity_minutes, 0) >= day.electricity_series * hour.hour_minutes AS is_whole,
    coalesce(told.present_minutes, 0) AS present_minutes,
    day.series * hour.hour_minutes AS expected_minutes,
    coalesce(told.is_estimated, false) AS is_estimated
  FROM day
  JOIN silver.local_hour AS hour ON hour.place = day.place AND hour.local_date = day.local_date
  LEFT JOIN told ON told.client_id = day.client_id AND told.location_id = day.location_id AND told.hour_start = hour.hour_start
)
SELECT
  hour.client_id,
  hour.location_id,
  hour.hour_start,
  hour.local_date,
  hour.local_hour,
  hour.hour_minutes,
  CAST(hour.import_kwh AS DECIMAL(18, 6)) AS import_kwh,
  CAST(hour.export_kwh AS DECIMAL(18, 6)) AS export_kwh,
  CAST(hour.production_kwh AS DECIMAL(18, 6)) AS production_kwh,
  CAST(CASE
    WHEN hour.metered_kwh IS NOT NULL THEN hour.metered_kwh
    WHEN hour.has_panels OR profile.solar_kwp > 0
      THEN CASE WHEN hour.is_whole THEN hour.import_kwh + hour.production_kwh - hour.export_kwh END
    ELSE hour.import_kwh
  END AS DECIMAL(18, 6)) AS consumption_kwh,
  CAST(hour.gas_kwh AS DECIMAL(18, 6)) AS gas_kwh,
  CAST(hour.heat_kwh AS DECIMAL(18, 6)) AS heat_kwh,
  hour.temperature_c,
  hour.wind_m_per_s,
  hour.cloud_percent,
  hour.irradiance_w_per_m2,
  hour.price_eur_mwh,
  CAST(hour.cost_eur AS DECIMAL(18, 6)) AS cost_eur,
  CAST(hour.export_value_eur AS DECIMAL(18, 6)) AS export_value_eur,
  CAST(hour.present_minutes AS INTEGER) AS present_minutes,
  CAST(hour.expected_minutes AS INTEGER) AS expected_minutes,
  ratio(least(hour.present_minutes, hour.expected_minutes), hour.expected_minutes) AS completeness,
  hour.is_estimated,
  profile.dwelling_type,
  profile.floor_area_m2,
  profile.year_built,
  profile.occupants,
  profile.heating_type,
  profile.hot_water_type,
  profile.solar_kwp,
  profile.battery_kwh,
  profile.has_ev,
  hour.place,
  hour.month
FROM hour
JOIN profile
  ON profile.client_id = hour.client_id
  AND profile.location_id = hour.location_id
  AND profile.valid_from <= hour.local_date
  AND hour.local_date < profile.valid_to
