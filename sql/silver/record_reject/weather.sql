-- Rows of files that can't be right, and why: of weather, load, outages and all else that is no meter's reading. The row itself
-- stands in its Bronze table, by arrival and row_number.
-- key: arrival, row_number
SELECT source, reason, arrival, file, sha256, row_number
FROM silver.weather_record
WHERE fate = 'rejected'
UNION ALL
SELECT source, problem AS reason, arrival, file, sha256, row_number
FROM bronze.weather_station
WHERE problem IS NOT NULL
