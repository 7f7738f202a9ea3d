SELECT event_id, elapsed_minutes, clock_minutes, published_minutes FROM quality.outage_duration ORDER BY event_id
