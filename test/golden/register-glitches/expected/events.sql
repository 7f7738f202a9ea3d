SELECT meter_id, event, read_at, value_before, value, energy_kwh, meaning
FROM quality.register_event
ORDER BY meter_id, read_at
