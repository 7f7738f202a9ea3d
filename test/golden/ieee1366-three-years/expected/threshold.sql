SELECT year, threshold_years, days, t_med_minutes
FROM gold.major_event_threshold
ORDER BY year
