SELECT * EXCLUDE (arrival, row_number) FROM silver.weather_hour ORDER BY ALL LIMIT 100
