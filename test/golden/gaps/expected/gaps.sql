SELECT meter_id, gap_start, gap_end, missing_intervals, missing_minutes, local_date, last_date, whole_days, kind, cause
FROM quality.gap
ORDER BY meter_id, gap_start
