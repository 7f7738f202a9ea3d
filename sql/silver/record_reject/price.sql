-- Day-ahead prices that can't be right.
SELECT source, reason, arrival, file, sha256, row_number
FROM silver.price_record
WHERE fate = 'rejected'
