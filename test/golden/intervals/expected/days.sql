SELECT meter_id, channel, local_date, energy_kwh, peak_kw, load_factor, expected_intervals, present_intervals, day_minutes, res_min
FROM gold.energy_day
WHERE meter_id LIKE 'r-%' OR meter_id LIKE 'd-%' OR meter_id LIKE 'g-%' OR meter_id LIKE 'gas-%'
ORDER BY meter_id, channel, local_date
