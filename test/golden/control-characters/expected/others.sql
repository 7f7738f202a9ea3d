SELECT 'telemetry' AS what, site_id AS place, device_id AS name FROM silver.telemetry
UNION ALL
SELECT 'home', client_id, location_id FROM silver.home_profile
ORDER BY ALL
