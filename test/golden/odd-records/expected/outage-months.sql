SELECT * FROM gold.reliability_month ORDER BY state, month
