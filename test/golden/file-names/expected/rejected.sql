SELECT file, reason
FROM bronze.file_reject
ORDER BY file
