SELECT CAST(local_date AS VARCHAR), CAST(energy_kwh AS VARCHAR) FROM gold.energy_day ORDER BY local_date
