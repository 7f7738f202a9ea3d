-- Parquet with the columns in an order of its own, its instants and numbers as such.
COPY (
  SELECT 'kWh' AS unit, value, start, 'p-1' AS meter_id, '15min' AS resolution, 'import' AS channel, 'city' AS client_id, 'electricity' AS fuel, 'home-4' AS location_id
  FROM (VALUES (CAST(0.1 AS DOUBLE), TIMESTAMPTZ '2022-06-01 10:00:00+03'), (CAST(1e-6 AS DOUBLE), TIMESTAMPTZ '2022-06-01 10:15:00+03')) AS row(value, start)
) TO 'LANDING/intervals/columns.parquet' (FORMAT parquet);
