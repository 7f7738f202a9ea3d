SELECT CAST(energy_kwh AS VARCHAR), expected_intervals, present_intervals, CAST(completeness AS VARCHAR), CAST(load_factor AS VARCHAR), CAST(peak_kw AS VARCHAR),
  count(*) AS days, CAST(min(local_date) AS VARCHAR) AS first_day, CAST(max(local_date) AS VARCHAR) AS last_day
FROM gold.energy_day GROUP BY ALL ORDER BY expected_intervals
