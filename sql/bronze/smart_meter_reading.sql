-- Half-hourly readings as they came: the use of a meter point in the half hour from a time, each value as text.
-- key: arrival, row_number
-- meter: meterpoint_id
-- format: json_split
-- numbers: consumption_delta
-- required: interval_start VARCHAR, consumption_delta VARCHAR, meterpoint_id VARCHAR
SELECT
  interval_start,
  consumption_delta,
  meterpoint_id,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
