-- No reading is negative: what flows the other way has a channel of its own.
-- severity: error
-- column: energy_kwh
SELECT client_id, meter_id, fuel, channel, interval_start, interval_minutes
FROM silver.reading
WHERE energy_kwh < 0
