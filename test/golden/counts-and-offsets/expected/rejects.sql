SELECT file, row_number, reason
FROM silver.record_reject
ORDER BY file, row_number
