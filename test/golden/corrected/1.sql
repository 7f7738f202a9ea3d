COPY (SELECT 'c1' AS client_id, DATE '2022-05-01' + CAST(d AS INTEGER) AS date, 'm1' AS ext_dev_ref,
        list_transform(range(24), lambda hour: CAST(100 + d AS BIGINT)) AS energy_consumption, '60min' AS resolution FROM range(3) AS days(d))
TO 'LANDING/eliq/2022/a.parquet' (FORMAT parquet);
