-- Hours of regional load that can't be right.
SELECT source, reason, arrival, file, sha256, row_number
FROM silver.load_record
WHERE fate = 'rejected'
