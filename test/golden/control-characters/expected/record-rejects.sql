SELECT file, line_number, row_number, replace(text, chr(127), '<DEL>') AS text, reason
FROM bronze.record_reject
ORDER BY file, row_number
