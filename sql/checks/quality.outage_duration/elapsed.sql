-- An outage's published duration is the time that passed.
-- severity: warn
-- column: published_minutes
SELECT event_id, state, elapsed_minutes, published_minutes
FROM quality.outage_duration
ORDER BY event_id
