SELECT interruption_id, started_at, restored_at, local_date, elapsed_minutes, is_sustained FROM silver.interruption ORDER BY interruption_id
