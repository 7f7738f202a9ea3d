SELECT meter_id, interval_start, energy_kwh
FROM silver.reading
ORDER BY meter_id, interval_start
