SELECT client_id, meter_id, CAST(local_date AS VARCHAR), slot, value_count, CAST(energy_kwh AS VARCHAR), reason, file, row_number, raw FROM silver.reading_reject ORDER BY row_number, slot
