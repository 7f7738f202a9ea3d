SELECT file, row_number, meter_id, local_date, energy_kwh, reason
FROM silver.reading_reject
ORDER BY file, row_number
