SELECT utility_id, interruption_id, started_at, customers_interrupted, customers_served
FROM silver.interruption
ORDER BY utility_id, interruption_id
