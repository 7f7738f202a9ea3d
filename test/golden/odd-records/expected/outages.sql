SELECT event_id, tz, local_date, started_at, restored_at, elapsed_minutes, published_minutes, demand_loss_kw, customers_affected FROM silver.outage ORDER BY event_id
