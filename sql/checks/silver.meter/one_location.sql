-- A meter is at one location: rows that name several are listed, and the newest counts.
-- severity: warn
-- column: location_id
SELECT client_id, meter_id, fuel, location_id, location_count
FROM silver.meter
WHERE location_count > 1
