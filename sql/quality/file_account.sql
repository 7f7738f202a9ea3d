-- What became of the records of a source's files of text and databases: each is a row of a Bronze table, rejected, blank, a header, or
-- a line above or below the table that its format knows.
-- key: source, table_name
SELECT
  source,
  table_name,
  CAST(count(*) AS BIGINT) AS files,
  CAST(sum(records_in) AS BIGINT) AS records_in,
  CAST(sum(kept) AS BIGINT) AS kept,
  CAST(sum(rejected) AS BIGINT) AS rejected,
  CAST(sum(blank) AS BIGINT) AS blank,
  CAST(sum(header) AS BIGINT) AS header,
  CAST(sum(preamble) AS BIGINT) AS preamble,
  CAST(sum(footer) AS BIGINT) AS footer
FROM bronze.file_account
GROUP BY source, table_name
