-- Documents of homes as they came, each in whole, and its fields as text: a value of its own each, nothing nested. unknown_fields
-- is what else there is in it, as an object of JSON. client_id is the document's, or else the folder's in which the file
-- lies (homes/CLIENT/…; a folder of four digits is a year's). problem says why a document is none.
-- key: arrival, row_number
-- location: location_id
-- unread: document
-- format: json
-- numbers: latitude, longitude, floor_area_m2, solar_kwp, solar_tilt_deg, solar_azimuth_deg, battery_kwh
-- required: document VARCHAR
WITH parsed AS (
  SELECT
    *,
    CASE WHEN json_valid(document) THEN json_type(document) END AS kind,
    CASE WHEN json_valid(document) AND json_type(document) = 'OBJECT' THEN json_keys(document) ELSE [] END AS names,
    [
      'client_id', 'location_id', 'valid_from', 'latitude', 'longitude', 'country', 'time_zone', 'bidding_zone', 'dwelling_type', 'floor_area_m2',
      'year_built', 'occupants', 'heating_type', 'hot_water_type', 'solar_kwp', 'solar_tilt_deg', 'solar_azimuth_deg', 'battery_kwh', 'has_ev'
    ] AS known
  FROM landing
),
cut AS (
  SELECT
    *,
    -- A path of JSON Pointer takes any name; of a document that is none nothing is asked.
    CASE WHEN kind = 'OBJECT' THEN list_transform(known, lambda name: json_extract_string(document, '/' || name)) ELSE [] END AS field,
    CASE WHEN kind = 'OBJECT' THEN list_transform(known, lambda name: json_type(document, '/' || name)) ELSE [] END AS kinds,
    list_filter(names, lambda name: NOT list_contains(known, name)) AS others
  FROM parsed
)
SELECT
  coalesce(nullif(trim(field[1]), ''), nullif(regexp_extract(regexp_replace(file, '^([^/]+)/[0-9]{4}/', '\1:'), '^[^/:]+/([^/]+)/', 1), '')) AS client_id,
  field[2] AS location_id,
  field[3] AS valid_from,
  field[4] AS latitude,
  field[5] AS longitude,
  field[6] AS country,
  field[7] AS time_zone,
  -- The zones of the database that places the readings in time, less its own abbreviations.
  coalesce(field[7] IN (
    SELECT name FROM pg_timezone_names() WHERE name = 'UTC' OR (contains(name, '/') AND NOT starts_with(name, 'SystemV/'))
  ), false) AS is_known_zone,
  field[8] AS bidding_zone,
  field[9] AS dwelling_type,
  field[10] AS floor_area_m2,
  field[11] AS year_built,
  field[12] AS occupants,
  field[13] AS heating_type,
  field[14] AS hot_water_type,
  field[15] AS solar_kwp,
  field[16] AS solar_tilt_deg,
  field[17] AS solar_azimuth_deg,
  field[18] AS battery_kwh,
  field[19] AS has_ev,
  CASE WHEN len(others) > 0 THEN CAST(to_json(map_from_entries(list_transform(list_sort(list_distinct(others)), lambda name:
    {name: name, value: json_extract(document, '/' || replace(replace(name, '~', '~0'), '/', '~1'))}))) AS VARCHAR) END AS unknown_fields,
  CASE
    WHEN kind IS NULL THEN 'not JSON'
    WHEN kind <> 'OBJECT' THEN 'not a JSON object'
    WHEN len(list_distinct(names)) < len(names)
      THEN 'field twice: ' || list_filter(names, lambda name: len(list_filter(names, lambda other: other = name)) > 1)[1]
    WHEN list_contains(kinds, 'OBJECT') OR list_contains(kinds, 'ARRAY')
      THEN 'nested, where a value belongs: ' || array_to_string(list_filter(known, lambda name, place: kinds[place] IN ('OBJECT', 'ARRAY')), ', ')
  END AS problem,
  document,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM cut
