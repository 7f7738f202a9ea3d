-- What arrives can be right: rows that can't are listed, and left out.
-- severity: warn
-- column: reason
SELECT source, file, count(*) AS row_count, min(row_number) AS first_row, min(reason) AS least_reason
FROM silver.record_reject
GROUP BY source, file
