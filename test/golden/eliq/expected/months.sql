SELECT month, CAST(energy_kwh AS VARCHAR) FROM gold.energy_month ORDER BY month
