-- What became of all rows that came from a source whose files aren't meters' readings: here of documents of homes.
WITH came AS (
  SELECT source, count(*) AS records_in FROM bronze.home_document GROUP BY source
),
fate AS (
  SELECT
    source,
    sum(CASE WHEN fate = 'kept' THEN 1 ELSE 0 END) AS kept,
    sum(CASE WHEN fate = 'repeated' THEN 1 ELSE 0 END) AS repeated,
    sum(CASE WHEN fate = 'superseded' THEN 1 ELSE 0 END) AS superseded,
    sum(CASE WHEN fate = 'rejected' THEN 1 ELSE 0 END) AS rejected
  FROM silver.home_record
  GROUP BY source
)
SELECT
  came.source,
  CAST(came.records_in AS BIGINT) AS records_in,
  CAST(fate.kept AS BIGINT) AS kept,
  CAST(fate.repeated AS BIGINT) AS repeated,
  CAST(fate.superseded AS BIGINT) AS superseded,
  CAST(fate.rejected AS BIGINT) AS rejected
FROM came
LEFT JOIN fate ON fate.source = came.source
