-- Weather stations as lists of them came, a line of JSON each. problem says why a line is none, and raw then is the line.
-- key: arrival, row_number
-- format: jsonl
-- required: line VARCHAR
WITH parsed AS (
  SELECT *, CASE WHEN json_valid(line) THEN line END AS document
  FROM landing
)
SELECT
  json_extract_string(document, '$.station_code') AS station_code,
  json_extract_string(document, '$.name') AS name,
  json_extract_string(document, '$.latitude') AS latitude,
  json_extract_string(document, '$.longitude') AS longitude,
  CASE
    WHEN document IS NULL THEN 'not JSON'
    WHEN json_type(document) <> 'OBJECT' THEN 'not a JSON object'
    WHEN trim(coalesce(json_extract_string(document, '$.station_code'), '')) = '' THEN 'station code missing'
  END AS problem,
  line AS raw,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM parsed
