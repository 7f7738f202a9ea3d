-- What the list of devices says of each can be read.
-- severity: warn
-- column: capacity_kwh
SELECT device_id, problem, file, row_number
FROM silver.device
WHERE problem IS NOT NULL
