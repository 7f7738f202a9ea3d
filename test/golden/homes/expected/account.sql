SELECT * FROM quality.record_account ORDER BY source
