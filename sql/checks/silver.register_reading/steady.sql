-- A register goes on from what it showed: where it was set back, or its unit changed, the energy since is not known.
-- severity: warn
-- column: step
SELECT client_id, meter_id, fuel, channel, read_at, step, value, unit
FROM silver.register_reading
WHERE step IN ('reset', 'unit changed')
