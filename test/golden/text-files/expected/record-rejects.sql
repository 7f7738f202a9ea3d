SELECT file, line_number, row_number, text, reason FROM bronze.record_reject ORDER BY file, line_number
