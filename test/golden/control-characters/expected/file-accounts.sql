SELECT file, table_name, records_in, kept, rejected
FROM bronze.file_account
ORDER BY file, table_name
