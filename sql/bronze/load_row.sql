-- Regional load as it came, each value as text: the consumption of a group of consumers in the hour from a label. decimal_mark is
-- the mark that most of the file's values have: NULL where none has one, ? where two marks are equally many. label_date is the
-- label's date; of a label that can't be read, 1969-12-31.
-- key: arrival, row_number
-- format: csv
-- required: GR_NAME VARCHAR, PL_T VARCHAR, "P+" VARCHAR
-- optional: OBJ_COUNT VARCHAR
WITH marked AS (
  SELECT
    *,
    count(CASE WHEN contains("P+", ',') THEN 1 END) OVER (PARTITION BY arrival) AS commas,
    count(CASE WHEN contains("P+", '.') THEN 1 END) OVER (PARTITION BY arrival) AS points
  FROM landing
)
SELECT
  GR_NAME AS gr_name,
  PL_T AS pl_t,
  "P+" AS p_plus,
  OBJ_COUNT AS obj_count,
  CASE WHEN commas > points THEN ',' WHEN points > commas THEN '.' WHEN points > 0 THEN '?' END AS decimal_mark,
  coalesce(try_cast(substr(PL_T, 1, 10) AS DATE), DATE '1969-12-31') AS label_date,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM marked
