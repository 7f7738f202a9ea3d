SELECT * FROM quality.file_account ORDER BY ALL
