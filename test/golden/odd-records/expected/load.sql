SELECT region, interval_start, local_date, local_hour, energy_kwh, object_count, label_date FROM silver.regional_load ORDER BY region, interval_start
