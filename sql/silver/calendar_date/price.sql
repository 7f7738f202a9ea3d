-- Those of day-ahead prices, by the market's clock.
SELECT DISTINCT 'Europe/Brussels' AS tz, CAST(0 AS INTEGER) AS day_start_min, market_date AS local_date FROM bronze.price_point
UNION
SELECT DISTINCT 'Europe/Brussels', CAST(0 AS INTEGER), market_date FROM bronze.price_list
