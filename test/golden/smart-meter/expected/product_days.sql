SELECT local_date, product, total_kwh, meterpoint_count FROM gold.consumption_per_product_per_day ORDER BY ALL
