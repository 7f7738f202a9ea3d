SELECT meter_id, channel, month, energy_kwh, peak_kw, present_days, complete_days, completeness, is_month_reading
FROM gold.energy_month
WHERE meter_id LIKE 'r-%' OR meter_id LIKE 'd-%' OR meter_id LIKE 'g-%' OR meter_id LIKE 'gas-%'
ORDER BY meter_id, channel, month
