SELECT interruption_id, step, started_at, restored_at, elapsed_minutes, is_sustained, customers_interrupted
FROM silver.interruption
ORDER BY interruption_id, step
