SELECT client_id, meter_id, fuel, location_id, location_count FROM silver.meter
WHERE meter_id IN ('j-1', 'p-1', 'gas-1', 's-1')
ORDER BY meter_id
