SELECT meter_id, CAST(interval_start AS VARCHAR), CAST(energy_kwh AS VARCHAR), quality FROM silver.reading WHERE quality = 'split' ORDER BY ALL
