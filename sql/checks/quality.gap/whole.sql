-- A series has no gap: what it lacks is listed, by what to ask its sender for, and never filled.
-- severity: warn
-- column: gap_start
SELECT client_id, meter_id, fuel, channel, gap_start, gap_end, missing_intervals, kind, cause
FROM quality.gap
ORDER BY client_id, meter_id, fuel, channel, gap_start
