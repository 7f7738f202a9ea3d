SELECT * EXCLUDE (sha256) FROM silver.device ORDER BY device_id
