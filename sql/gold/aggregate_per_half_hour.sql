-- The total of a half hour, for dashboards.
-- key: interval_start
-- stored: no
SELECT interval_start, total_kwh, meterpoint_count
FROM gold.total_consumption_half_hour
