SELECT station_code, latitude, longitude, problem FROM silver.weather_station ORDER BY station_code
