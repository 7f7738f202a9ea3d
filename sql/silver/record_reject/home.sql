-- Documents of homes that can't be right.
SELECT source, reason, arrival, file, sha256, row_number
FROM silver.home_record
WHERE fate = 'rejected'
