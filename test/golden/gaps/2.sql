CREATE MACRO day_of(hole) AS list_transform(range(24), lambda hour: CASE WHEN hour = hole THEN NULL ELSE CAST(100 AS BIGINT) END);
COPY (SELECT * FROM (VALUES
  ('c1', DATE '2022-03-28', 'm1', day_of(-1), '60min'),
  ('c1', DATE '2022-04-02', 'm1', list_transform(range(22), lambda hour: CAST(100 AS BIGINT)), '60min'),
  ('c1', DATE '2022-04-03', 'm1', list_concat([CAST(-1 AS BIGINT)], list_transform(range(23), lambda hour: CAST(100 AS BIGINT))), '60min'),
  ('c1', DATE '2022-03-28', 'whole', day_of(-1), '60min')
) AS t(client_id, date, ext_dev_ref, energy_consumption, resolution))
TO 'LANDING/eliq/b.parquet' (FORMAT parquet);
