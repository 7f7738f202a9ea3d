-- What is said of a home, and from when until when: valid_from <= date < valid_to, without an end for ever. nth numbers the versions
-- of a home from the oldest. The azimuth of its panels is counted from north by east, so 180 is south. unknown_fields is
-- what else its document says, as JSON.
-- key: client_id, location_id, valid_from
SELECT
  client_id,
  location_id,
  valid_from,
  lead(valid_from) OVER (PARTITION BY client_id, location_id ORDER BY valid_from) AS valid_to,
  CAST(row_number() OVER (PARTITION BY client_id, location_id ORDER BY valid_from) AS INTEGER) AS nth,
  latitude,
  longitude,
  country,
  time_zone,
  bidding_zone,
  dwelling_type,
  floor_area_m2,
  year_built,
  occupants,
  heating_type,
  hot_water_type,
  solar_kwp,
  solar_tilt_deg,
  solar_azimuth_deg,
  battery_kwh,
  has_ev,
  unknown_fields,
  source,
  arrival,
  file,
  sha256,
  row_number
FROM silver.home_record
WHERE fate = 'kept'
