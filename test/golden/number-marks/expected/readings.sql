SELECT meter_id, interval_start, interval_minutes, energy_kwh
FROM silver.reading
ORDER BY meter_id, interval_start
