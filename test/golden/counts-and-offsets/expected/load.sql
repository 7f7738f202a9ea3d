SELECT region, interval_start, energy_kwh, object_count
FROM silver.regional_load
ORDER BY region, interval_start
