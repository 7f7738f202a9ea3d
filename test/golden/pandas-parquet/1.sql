-- As pandas writes a frame with an index: __index_level_0__ beside the columns.
COPY (
  SELECT client_id, date, ext_dev_ref, energy_consumption, resolution, 7 AS __index_level_0__
  FROM (VALUES ('c1', DATE '2022-05-05', 'h_index', range(24), '60min')) AS t(client_id, date, ext_dev_ref, energy_consumption, resolution)
) TO 'LANDING/eliq/h_index.parquet' (FORMAT parquet);
