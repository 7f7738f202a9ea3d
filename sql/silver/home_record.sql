-- What became of each document of a home that arrived: kept, superseded by a newer arrival that holds from the same day, repeated
-- in one file, or rejected, and why. Of one home and day twice in one file, told differently, both are rejected and supersede
-- nothing. Without a valid_from a document holds from the beginning, 1970-01-01.
-- key: arrival, row_number
WITH marked AS (
  SELECT
    document.*,
    mark_of(setting.decimal_mark, document.decimal_mark) AS mark,
    trim(location_id) AS location
  FROM bronze.home_document AS document
  LEFT JOIN bronze.source AS setting ON setting.source = document.source
),
typed AS (
  SELECT
    *,
    CASE WHEN trim(coalesce(valid_from, '')) = '' THEN DATE '1970-01-01' ELSE local_date_of(iso_stamp(valid_from, 'iso'), CASE WHEN is_known_zone THEN time_zone END) END AS from_date,
    measure_of(latitude, mark) AS north,
    measure_of(longitude, mark) AS east,
    measure_of(floor_area_m2, mark) AS area,
    whole_number(year_built, mark) AS built,
    whole_number(occupants, mark) AS people,
    measure_of(solar_kwp, mark) AS kwp,
    measure_of(solar_tilt_deg, mark) AS tilt,
    measure_of(solar_azimuth_deg, mark) AS azimuth,
    measure_of(battery_kwh, mark) AS battery
  FROM marked
),
judged AS (
  SELECT
    *,
    CASE
      WHEN problem IS NOT NULL THEN problem
      WHEN client_id IS NULL THEN 'client id missing'
      WHEN coalesce(location, '') = '' THEN 'location id missing'
      WHEN from_date IS NULL THEN 'valid_from is no date: ' || valid_from
      WHEN from_date NOT BETWEEN DATE '1970-01-01' AND DATE '2100-12-31' THEN 'valid_from outside 1970 to 2100: ' || valid_from
      WHEN north IS NULL THEN 'latitude ' || coalesce(number_fault(latitude, mark), 'missing')
      WHEN east IS NULL THEN 'longitude ' || coalesce(number_fault(longitude, mark), 'missing')
      WHEN north NOT BETWEEN -90 AND 90 THEN 'latitude outside -90 to 90: ' || latitude
      WHEN east NOT BETWEEN -180 AND 180 THEN 'longitude outside -180 to 180: ' || longitude
      WHEN NOT is_known_zone THEN 'time zone not known: ' || coalesce(time_zone, 'none')
      WHEN country IS NOT NULL AND (length(country) <> 2 OR upper(country) <> country OR lower(country) = country)
        THEN 'country is no code of two letters: ' || country
      WHEN floor_area_m2 IS NOT NULL AND area IS NULL THEN 'floor area ' || number_fault(floor_area_m2, mark)
      WHEN area <= 0 OR area > 10000 THEN 'floor area outside 0 to 10000 m2: ' || floor_area_m2
      WHEN year_built IS NOT NULL AND built IS NULL THEN 'year built ' || count_fault(year_built, mark)
      WHEN built NOT BETWEEN 1000 AND 2100 THEN 'year built outside 1000 to 2100: ' || year_built
      WHEN occupants IS NOT NULL AND people IS NULL THEN 'occupants ' || count_fault(occupants, mark)
      WHEN people NOT BETWEEN 0 AND 1000 THEN 'occupants outside 0 to 1000: ' || occupants
      WHEN solar_kwp IS NOT NULL AND kwp IS NULL THEN 'solar kWp ' || number_fault(solar_kwp, mark)
      WHEN kwp NOT BETWEEN 0 AND 1000 THEN 'solar kWp outside 0 to 1000: ' || solar_kwp
      WHEN solar_tilt_deg IS NOT NULL AND tilt IS NULL THEN 'solar tilt ' || number_fault(solar_tilt_deg, mark)
      WHEN tilt NOT BETWEEN 0 AND 90 THEN 'solar tilt outside 0 to 90: ' || solar_tilt_deg
      WHEN solar_azimuth_deg IS NOT NULL AND azimuth IS NULL THEN 'solar azimuth ' || number_fault(solar_azimuth_deg, mark)
      WHEN azimuth NOT BETWEEN 0 AND 360 THEN 'solar azimuth outside 0 to 360: ' || solar_azimuth_deg
      WHEN battery_kwh IS NOT NULL AND battery IS NULL THEN 'battery ' || number_fault(battery_kwh, mark)
      WHEN battery NOT BETWEEN 0 AND 10000 THEN 'battery outside 0 to 10000 kWh: ' || battery_kwh
      WHEN has_ev NOT IN ('true', 'false') THEN 'has_ev is neither true nor false: ' || has_ev
    END AS fault,
    coalesce(latitude, '') || ' ' || coalesce(longitude, '') || ' ' || coalesce(country, '') || ' ' || coalesce(time_zone, '')
      || ' ' || coalesce(bidding_zone, '') || ' ' || coalesce(dwelling_type, '') || ' ' || coalesce(floor_area_m2, '')
      || ' ' || coalesce(year_built, '') || ' ' || coalesce(occupants, '') || ' ' || coalesce(heating_type, '')
      || ' ' || coalesce(hot_water_type, '') || ' ' || coalesce(solar_kwp, '') || ' ' || coalesce(solar_tilt_deg, '')
      || ' ' || coalesce(solar_azimuth_deg, '') || ' ' || coalesce(battery_kwh, '') || ' ' || coalesce(has_ev, '')
      || ' ' || coalesce(unknown_fields, '') AS told
  FROM typed
),
compared AS (
  SELECT
    *,
    fault IS NULL AND min(told) OVER same_file <> max(told) OVER same_file AS is_contradictory,
    row_number() OVER (PARTITION BY client_id, location, from_date, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY client_id, location, from_date, arrival, fault IS NULL)
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN arrival END) OVER (PARTITION BY client_id, location, from_date) AS newest
  FROM compared
)
SELECT
  source,
  client_id,
  location AS location_id,
  from_date AS valid_from,
  CASE WHEN fault IS NULL THEN CAST(north AS DECIMAL(9, 6)) END AS latitude,
  CASE WHEN fault IS NULL THEN CAST(east AS DECIMAL(9, 6)) END AS longitude,
  country,
  time_zone,
  bidding_zone,
  dwelling_type,
  area AS floor_area_m2,
  CASE WHEN fault IS NULL THEN CAST(built AS INTEGER) END AS year_built,
  CASE WHEN fault IS NULL THEN CAST(people AS INTEGER) END AS occupants,
  heating_type,
  hot_water_type,
  kwp AS solar_kwp,
  tilt AS solar_tilt_deg,
  azimuth AS solar_azimuth_deg,
  battery AS battery_kwh,
  CASE WHEN has_ev IN ('true', 'false') THEN has_ev = 'true' END AS has_ev,
  unknown_fields,
  CASE
    WHEN fault IS NOT NULL OR is_contradictory THEN 'rejected'
    WHEN arrival < newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  CASE WHEN is_contradictory THEN 'home told twice in one file, differently: ' || location ELSE fault END AS reason,
  arrival,
  file,
  sha256,
  row_number
FROM settled
