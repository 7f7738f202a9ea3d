-- A late file of the first day: one record corrected, one that was missing, one that is out of range now.
COPY (
  SELECT ts_utc, 'd1' AS device_id, 's1' AS site_id, power_w, 25.008333 AS energy_wh, 230.1 AS voltage_v, 6.52 AS current_a,
    21.5 AS temperature_c, soc_percent, 'OK' AS status
  FROM (VALUES
    ('2025-08-01T00:00:00Z', 1510.5, 55.25),
    ('2025-08-01T00:06:00Z', 1500.5, 55.25),
    ('2025-08-01T00:12:00Z', 1700, -1)
  ) AS late(ts_utc, power_w, soc_percent)
) TO 'LANDING/telemetry/2025/08/01/s1/d1.corrected.jsonl' (FORMAT json);
-- And the device that wasn't known.
COPY (SELECT 'd4' AS device_id, 's2' AS site_id, 'inverter' AS device_type, 'n/a' AS capacity_kwh) TO 'LANDING/telemetry/devices-2.csv' (FORMAT csv);
