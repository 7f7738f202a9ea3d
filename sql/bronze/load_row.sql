-- Regional load as it came, each value as text: the consumption of a group of consumers in the hour from a label. label_date is the
-- label's date; of a label that can't be read, 1969-12-31.
-- key: arrival, row_number
-- format: csv
-- numbers: p_plus, obj_count
-- required: GR_NAME VARCHAR, PL_T VARCHAR, "P+" VARCHAR
-- optional: OBJ_COUNT VARCHAR
SELECT
  GR_NAME AS gr_name,
  PL_T AS pl_t,
  "P+" AS p_plus,
  OBJ_COUNT AS obj_count,
  proven_mark AS decimal_mark,
  coalesce(try_cast(substr(iso_stamp(PL_T, 'iso'), 1, 10) AS DATE), DATE '1969-12-31') AS label_date,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
