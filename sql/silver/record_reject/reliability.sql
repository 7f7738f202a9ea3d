-- Rows of published reliability that can't be right.
SELECT source, reason, arrival, file, sha256, row_number
FROM silver.reliability_record
WHERE fate = 'rejected'
