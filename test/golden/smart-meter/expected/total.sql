SELECT interval_start, total_kwh, meterpoint_count, local_date FROM gold.total_consumption_half_hour ORDER BY interval_start
