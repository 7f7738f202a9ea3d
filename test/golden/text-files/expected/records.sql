SELECT file, encoding, records_in, kept, rejected, blank, header, preamble, footer FROM bronze.file_account ORDER BY file
