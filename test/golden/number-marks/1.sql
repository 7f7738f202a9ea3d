COPY (SELECT 'c' AS client_id, meter_id, 'electricity' AS fuel, 'import' AS channel, '2025-05-05T' || lpad(hour::VARCHAR, 2, '0') || ':00Z' AS start, '60min' AS resolution, 1.5 AS value, 'kWh' AS unit
  FROM (VALUES (42::DOUBLE, 5), (1234567890123::DOUBLE, 2), (9007199254740991::DOUBLE, 0), (9007199254740994::DOUBLE, 0), (12345678901234567890::DOUBLE, 0)) AS row(meter_id, hour))
TO 'LANDING/intervals/ids.parquet' (FORMAT parquet);
COPY (SELECT 'c' AS client_id, 42::BIGINT AS meter_id, 'electricity' AS fuel, 'import' AS channel, '2025-05-05T06:00Z' AS start, '60min' AS resolution, 2 AS value, 'kWh' AS unit)
TO 'LANDING/intervals/ids whole.parquet' (FORMAT parquet);
