SELECT arrival, row_number, CAST(local_date AS VARCHAR), fate, reason FROM silver.day_fate ORDER BY arrival, row_number
