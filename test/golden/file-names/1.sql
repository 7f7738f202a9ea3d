-- A name that not every system can hold, so that no file of the repository has it.
COPY (SELECT 'c16' AS client_id, 'm1' AS meter_id, 'electricity' AS fuel, 'import' AS channel, '2025-05-05T00:00Z' AS start, '60min' AS resolution, 1 AS value, 'kWh' AS unit)
TO 'LANDING/intervals/q?*''uote #1.csv' (HEADER);
