SELECT interval_start, product, avg_kwh, meterpoint_count FROM gold.avg_half_hour_by_product ORDER BY ALL
