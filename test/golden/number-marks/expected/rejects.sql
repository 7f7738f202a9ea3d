SELECT file, row_number, meter_id, reason
FROM silver.reading_reject
ORDER BY file, row_number
