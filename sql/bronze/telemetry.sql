-- Records of devices as they came, a line of JSON each. Measures are rounded to six decimals. problem says why a line is
-- no record, and raw then is the line. event_date is the UTC date of the record; of a line whose instant can't be read,
-- that of its folder, or 1969-12-31.
-- key: arrival, row_number
-- meter: device_id
-- location: site_id
-- unread: raw
-- format: jsonl
-- required: line VARCHAR
WITH parsed AS (
  SELECT
    *,
    CASE WHEN json_valid(line) THEN json_keys(line) END AS names,
    CASE WHEN json_valid(line) THEN CAST(json_extract(line, [
      '$.ts_utc', '$.device_id', '$.site_id', '$.status',
      '$.power_w', '$.energy_wh', '$.voltage_v', '$.current_a', '$.temperature_c', '$.soc_percent'
    ]) AS VARCHAR[]) END AS field
  FROM landing
),
-- A text's quotes go, and what is escaped in it; a number is what can be cast: a text's quotes keep it from that.
typed AS (
  SELECT
    *,
    CASE WHEN regexp_matches(field[1], '^"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00:00)"$')
      THEN try_cast(field[1][2:-2] AS TIMESTAMPTZ) END AS instant,
    CASE WHEN field[2][1] = '"' THEN CASE WHEN contains(field[2], '\') THEN json_extract_string(line, '$.device_id') ELSE field[2][2:-2] END END AS device_id,
    CASE WHEN field[3][1] = '"' THEN CASE WHEN contains(field[3], '\') THEN json_extract_string(line, '$.site_id') ELSE field[3][2:-2] END END AS site_id,
    CASE WHEN field[4][1] = '"' THEN CASE WHEN contains(field[4], '\') THEN json_extract_string(line, '$.status') ELSE field[4][2:-2] END END AS status,
    try_cast(field[5] AS DECIMAL(18, 6)) AS power_w,
    try_cast(field[6] AS DECIMAL(18, 6)) AS energy_wh,
    try_cast(field[7] AS DECIMAL(18, 6)) AS voltage_v,
    try_cast(field[8] AS DECIMAL(18, 6)) AS current_a,
    try_cast(field[9] AS DECIMAL(18, 6)) AS temperature_c,
    try_cast(field[10] AS DECIMAL(18, 6)) AS soc_percent
  FROM parsed
),
judged AS (
  SELECT
    *,
    CASE
      -- Most lines are fine, and known to be at once.
      WHEN list_count(field) = 10 AND len(names) = 10
        AND instant BETWEEN TIMESTAMPTZ '1970-01-01 00:00:00+00' AND TIMESTAMPTZ '2100-12-31 23:59:59.999999+00'
        AND ascii(device_id) > 32 AND ascii(site_id) > 32 AND status IS NOT NULL
        AND power_w IS NOT NULL AND energy_wh IS NOT NULL AND voltage_v IS NOT NULL AND current_a IS NOT NULL
        AND temperature_c IS NOT NULL AND soc_percent IS NOT NULL
        THEN NULL
      WHEN names IS NULL THEN 'not JSON'
      WHEN json_type(line) <> 'OBJECT' THEN 'not a JSON object'
      WHEN list_count(field) < 10
        THEN 'field missing: ' || array_to_string(list_filter(known, lambda name: NOT list_contains(names, name)), ', ')
      WHEN len(names) > 10
        THEN coalesce('field not known: ' || nullif(array_to_string(list_filter(names, lambda name: NOT list_contains(known, name)), ', '), ''), 'field twice')
      WHEN field[1][1] <> '"' THEN 'ts_utc is no text: ' || field[1]
      WHEN instant IS NULL THEN 'ts_utc unreadable, or not UTC: ' || json_extract_string(line, '$.ts_utc')
      WHEN instant NOT BETWEEN TIMESTAMPTZ '1970-01-01 00:00:00+00' AND TIMESTAMPTZ '2100-12-31 23:59:59.999999+00'
        THEN 'date outside 1970 to 2100: ' || json_extract_string(line, '$.ts_utc')
      WHEN device_id IS NULL THEN 'device_id is no text: ' || field[2]
      WHEN trim(device_id) = '' THEN 'device_id is empty'
      WHEN site_id IS NULL THEN 'site_id is no text: ' || field[3]
      WHEN trim(site_id) = '' THEN 'site_id is empty'
      WHEN status IS NULL AND field[4] <> 'null' THEN 'status is no text: ' || field[4]
      WHEN power_w IS NULL AND field[5] <> 'null' THEN 'power_w is no number that fits: ' || field[5]
      WHEN energy_wh IS NULL AND field[6] <> 'null' THEN 'energy_wh is no number that fits: ' || field[6]
      WHEN voltage_v IS NULL AND field[7] <> 'null' THEN 'voltage_v is no number that fits: ' || field[7]
      WHEN current_a IS NULL AND field[8] <> 'null' THEN 'current_a is no number that fits: ' || field[8]
      WHEN temperature_c IS NULL AND field[9] <> 'null' THEN 'temperature_c is no number that fits: ' || field[9]
      WHEN soc_percent IS NULL AND field[10] <> 'null' THEN 'soc_percent is no number that fits: ' || field[10]
    END AS problem
  FROM (
    SELECT
      *,
      ['ts_utc', 'device_id', 'site_id', 'power_w', 'energy_wh', 'voltage_v', 'current_a', 'temperature_c', 'soc_percent', 'status'] AS known
    FROM typed
  )
)
SELECT
  instant AS ts_utc,
  device_id,
  site_id,
  power_w,
  energy_wh,
  voltage_v,
  current_a,
  temperature_c,
  soc_percent,
  status,
  problem,
  CASE WHEN problem IS NOT NULL THEN line END AS raw,
  CASE
    WHEN instant BETWEEN TIMESTAMPTZ '1970-01-01 00:00:00+00' AND TIMESTAMPTZ '2100-12-31 23:59:59.999999+00' THEN CAST(instant AS DATE)
    ELSE coalesce(
      try_cast(replace(regexp_extract(file, '(^|/)((19[7-9][0-9]|20[0-9]{2}|2100)/[0-9]{2}/[0-9]{2})/', 2), '/', '-') AS DATE),
      DATE '1969-12-31')
  END AS event_date,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM judged
