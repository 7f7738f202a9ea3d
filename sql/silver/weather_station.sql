-- Where weather stations are, as the newest list that names one says it: in one list, its last line. problem says what
-- can't be right; the station's observations are then rejected.
-- key: station_code
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY station_code ORDER BY arrival DESC, row_number DESC) AS place
  FROM bronze.weather_station
  WHERE problem IS NULL
),
typed AS (
  SELECT *, measure_of(latitude, '.') AS north, measure_of(longitude, '.') AS east
  FROM ranked
  WHERE place = 1
)
SELECT
  station_code,
  name,
  CASE WHEN north BETWEEN -90 AND 90 THEN CAST(north AS DECIMAL(9, 6)) END AS latitude,
  CASE WHEN east BETWEEN -180 AND 180 THEN CAST(east AS DECIMAL(9, 6)) END AS longitude,
  CASE
    WHEN north IS NULL THEN 'latitude ' || coalesce(number_fault(latitude, '.'), 'missing')
    WHEN east IS NULL THEN 'longitude ' || coalesce(number_fault(longitude, '.'), 'missing')
    WHEN north NOT BETWEEN -90 AND 90 THEN 'latitude outside -90 to 90: ' || latitude
    WHEN east NOT BETWEEN -180 AND 180 THEN 'longitude outside -180 to 180: ' || longitude
  END AS problem,
  source,
  arrival,
  file,
  sha256,
  row_number
FROM typed
