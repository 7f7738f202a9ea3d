-- Outages whose published duration isn't the time that passed between their start and their restoration, in the state's zone;
-- clock_minutes is what the clock on the wall would make of it. One that is_ambiguous
-- may be an hour off by the other meaning of its local time.
-- key: source, event_id
SELECT source, event_id, state, tz, started_at, restored_at, elapsed_minutes, clock_minutes, is_ambiguous, published_minutes,
  published_minutes - elapsed_minutes AS difference_minutes
FROM silver.outage
WHERE published_minutes <> elapsed_minutes
