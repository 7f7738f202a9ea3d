SELECT client_id, CAST(hour_start AS VARCHAR), local_hour, CAST(energy_kwh AS VARCHAR) FROM gold.energy_hour ORDER BY client_id, hour_start
