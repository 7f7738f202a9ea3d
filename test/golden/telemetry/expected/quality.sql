SELECT * FROM quality.telemetry_day ORDER BY event_date
