-- The home assignment's daily arrays: of one client, a meter, and an ordinary row.
COPY (
  SELECT client_id, DATE '2022-07-01' AS date, meter AS ext_dev_ref, list_transform(range(24), lambda hour: CAST(100 AS BIGINT)) AS energy_consumption, '60min' AS resolution
  FROM (VALUES ('a' || chr(0), 'm'), ('a', 'm' || chr(0) || '1'), ('a', 'm1'), ('a', chr(27) || 'm2')) AS t(client_id, meter)
) TO 'LANDING/eliq/days.parquet' (FORMAT parquet);

COPY (
  SELECT client AS client_id, meter AS meter_id, 'electricity' AS fuel, 'import' AS channel, '2022-07-01T00:00:00Z' AS start, '2022-07-01T01:00:00Z' AS "end", '1.5' AS value, unit
  FROM (VALUES ('b' || chr(0), 'p1', 'kWh'), ('b', 'p2' || chr(10), 'kWh'), ('b', 'p3', 'k' || chr(1) || 'Wh'), ('b', 'p4', 'kWh')) AS t(client, meter, unit)
) TO 'LANDING/intervals/table.parquet' (FORMAT parquet);

COPY (
  SELECT 'b,' || meter || ',electricity,import,2022-07-01T00:00:00Z,2022-07-01T01:00:00Z,' || value || ',kWh' AS "client_id,meter_id,fuel,channel,start,end,value,unit"
  FROM (VALUES (1, 'c1', '1'), (2, 'c' || chr(0) || '2', '1'), (3, chr(127) || 'c3', '1'), (4, 'c4', '1' || chr(27)), (5, chr(133) || 'c5', '1')) AS t(number, meter, value)
  ORDER BY number
) TO 'LANDING/intervals/lines.csv' (FORMAT csv, QUOTE '', ESCAPE '', DELIMITER '|');
