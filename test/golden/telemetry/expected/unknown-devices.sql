SELECT event_date, site_id, device_id, record_count FROM quality.unknown_device ORDER BY ALL
