SELECT meter_id, fuel, channel, interval_start, interval_minutes, local_date, energy_kwh, quality, res_min
FROM silver.reading
ORDER BY meter_id, fuel, channel, interval_start, interval_minutes
