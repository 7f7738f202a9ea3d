CREATE MACRO day_of(hole) AS list_transform(range(24), lambda hour: CASE WHEN hour = hole THEN NULL ELSE CAST(100 AS BIGINT) END);
COPY (SELECT * FROM (VALUES
  ('c1', DATE '2022-03-26', 'm1', day_of(-1), '60min'),
  ('c1', DATE '2022-03-27', 'm1', day_of(3), '60min'),
  ('c1', DATE '2022-03-30', 'm1', day_of(23), '60min'),
  ('c1', DATE '2022-03-26', 'whole', day_of(-1), '60min'),
  ('c1', DATE '2022-03-27', 'whole', day_of(3), '60min'),
  ('c1', DATE '2022-10-30', 'doubled hour', day_of(3), '60min')
) AS t(client_id, date, ext_dev_ref, energy_consumption, resolution))
TO 'LANDING/eliq/a.parquet' (FORMAT parquet);
