-- Rows of files that can't be right, and why, of all that is no meter's reading: here documents of homes.
SELECT source, reason, arrival, file, sha256, row_number
FROM silver.home_record
WHERE fate = 'rejected'
