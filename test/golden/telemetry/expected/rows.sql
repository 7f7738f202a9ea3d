SELECT * EXCLUDE (source) FROM silver.telemetry ORDER BY device_id, ts_utc
