SELECT file, row_number, event_date, device_id, reason, raw FROM silver.telemetry_reject ORDER BY file, row_number
