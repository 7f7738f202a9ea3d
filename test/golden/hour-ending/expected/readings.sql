SELECT meter_id, channel, CAST(interval_start AS VARCHAR), interval_minutes, CAST(energy_kwh AS VARCHAR) FROM silver.reading ORDER BY ALL
