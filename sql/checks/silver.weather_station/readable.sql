-- What a list of weather stations says of where they are can be right.
-- severity: warn
-- column: latitude, longitude
SELECT station_code, problem, file, row_number
FROM silver.weather_station
WHERE problem IS NOT NULL
