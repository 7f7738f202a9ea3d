SELECT meter_id, read_at, value, unit, step, fate, interval_start, interval_minutes, res_min, energy_micro_kwh
FROM silver.register_reading
ORDER BY meter_id, read_at, row_number
