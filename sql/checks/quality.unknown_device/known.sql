-- Every device that sends telemetry stands in the list of devices.
-- severity: warn
-- column: device_id
SELECT device_id, site_id, sum(record_count) AS record_count, min(event_date) AS first_date
FROM quality.unknown_device
GROUP BY device_id, site_id
