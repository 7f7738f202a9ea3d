SELECT count(*) AS half_hours, sum(total_kwh) AS total_kwh, max(meterpoint_count) AS meterpoint_count FROM gold.aggregate_per_half_hour
