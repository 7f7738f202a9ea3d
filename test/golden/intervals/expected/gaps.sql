SELECT meter_id, gap_start, gap_end, missing_intervals, missing_minutes, local_date, last_date, whole_days, kind, cause, res_min
FROM quality.gap
WHERE meter_id IN ('d-day', 'd-month', 'g-hour', 'gas-1')
ORDER BY meter_id, gap_start
