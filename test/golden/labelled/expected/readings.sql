SELECT client_id, meter_id, CAST(interval_start AS VARCHAR), interval_minutes, CAST(local_date AS VARCHAR), CAST(energy_kwh AS VARCHAR), quality FROM silver.reading ORDER BY client_id, interval_start
