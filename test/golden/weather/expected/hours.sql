SELECT * EXCLUDE (latitude, longitude, source, month) FROM silver.weather_hour ORDER BY point_id, hour_start
