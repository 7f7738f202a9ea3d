SELECT year, basis, saidi_minutes, saifi, maifi, major_event_days, threshold_years
FROM gold.reliability_index
ORDER BY year, basis
