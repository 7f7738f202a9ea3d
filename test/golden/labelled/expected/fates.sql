SELECT source, row_number, fate, reason FROM silver.interval_fate ORDER BY source, row_number
