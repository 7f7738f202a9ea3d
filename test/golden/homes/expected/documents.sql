SELECT file, row_number, document FROM bronze.home_document WHERE file LIKE '%one.json' OR problem IS NOT NULL ORDER BY file, row_number
