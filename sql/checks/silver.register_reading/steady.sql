-- A register goes on from what it showed: where it was set back, exchanged, or read in another unit, the energy since is not known; a reading may be taken back.
-- severity: warn
-- column: step
SELECT client_id, meter_id, fuel, channel, read_at, step, value, unit
FROM silver.register_reading
WHERE step IN ('reset', 'exchange', 'unit changed', 'taken back')
