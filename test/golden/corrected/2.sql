-- The second day corrected; the third told again in other words, with a rejected length: that supersedes nothing.
COPY (SELECT * FROM (VALUES
  ('c1', DATE '2022-05-02', 'm1', list_transform(range(24), lambda hour: CAST(500 AS BIGINT)), '60min'),
  ('c1', DATE '2022-05-03', 'm1', list_transform(range(22), lambda hour: CAST(500 AS BIGINT)), '60min')
) AS t(client_id, date, ext_dev_ref, energy_consumption, resolution))
TO 'LANDING/eliq/2022/b.parquet' (FORMAT parquet);
