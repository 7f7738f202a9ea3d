SELECT meter_id, reason FROM silver.reading_reject ORDER BY ALL
