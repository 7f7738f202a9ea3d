-- Devices that send telemetry and stand in no list of devices, by UTC date and site: their records are kept, without a type and
-- a capacity.
-- key: event_date, site_id, device_id
-- increment: event_date
SELECT event_date, site_id, device_id, CAST(count(*) AS BIGINT) AS record_count, min(ts_utc) AS first_ts_utc, max(ts_utc) AS last_ts_utc
FROM silver.telemetry
WHERE NOT is_known_device
GROUP BY event_date, site_id, device_id
