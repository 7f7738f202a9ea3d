SELECT local_date, saidi_minutes
FROM gold.interruption_day
WHERE is_major_event_day
ORDER BY local_date
