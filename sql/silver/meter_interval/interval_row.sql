-- Every labelled value that arrived, one row each, where its time puts it; what its row leaves empty its source says. problem says
-- why a row can't be right by itself. energy_micro_kwh is rounded once, here, half up, of a value to six decimals, or in MWh to
-- nine. A register's reading has no energy of its own: silver.register_reading has the differences.
-- key: arrival, row_number
-- partition: month
-- increment: local_date
-- dictionary: source, client_id, tz, fuel = electricity | gas | district_heating, channel = import | export | production | consumption, quality = measured | estimated
WITH told AS (
  SELECT
    moment.source,
    moment.tz,
    moment.policy,
    moment.day_start_min,
    moment.stamp,
    moment.res_min,
    moment.local_date,
    moment.instant,
    moment.is_untrue,
    moment.is_on_grid,
    moment.label_min,
    moment.slot,
    moment.turn,
    moment.is_register,
    moment.problem AS time_problem,
    moment.month,
    coalesce(interval_row.client_id, source.client_id) AS client_id,
    interval_row.meter_id,
    coalesce(nullif(interval_row.fuel, ''), source.fuel) AS fuel,
    coalesce(nullif(interval_row.channel, ''), source.channel) AS channel,
    coalesce(nullif(interval_row.unit, ''), source.unit) AS unit,
    coalesce(nullif(interval_row.quality, ''), 'measured') AS quality,
    interval_row.kind,
    interval_row.line,
    nullif(trim(interval_row.problem), '') AS row_problem,
    interval_row.value AS value_text,
    interval_row.calorific_value_mj_m3 AS calorific_text,
    coalesce(try_cast(nullif(trim(interval_row.calorific_value_mj_m3), '') AS DECIMAL(18, 6)), source.calorific_value_mj_m3) AS calorific_value_mj_m3,
    interval_row.register_digits AS digits_text,
    CASE WHEN moment.is_register THEN try_cast(nullif(trim(interval_row.register_digits), '') AS INTEGER) END AS register_digits,
    CASE WHEN source.max_kwh_per_hour < 1000000000 THEN micro_kwh(source.max_kwh_per_hour) END AS max_micro_kwh_per_hour,
    interval_row.arrival,
    interval_row.file,
    interval_row.sha256,
    interval_row.row_number
  FROM bronze.interval_row AS interval_row
  JOIN bronze.source AS source ON source.source = interval_row.source
  JOIN silver.interval_time AS moment
    ON moment.source = interval_row.source
    AND moment.interval_start IS NOT DISTINCT FROM interval_row.interval_start
    AND moment.interval_end IS NOT DISTINCT FROM interval_row.interval_end
    AND moment.label IS NOT DISTINCT FROM interval_row.label
    AND moment.resolution IS NOT DISTINCT FROM interval_row.resolution
    AND moment.is_register = (coalesce(interval_row.kind, '') = 'register')
),
valued AS (
  SELECT
    *,
    try_cast(nullif(trim(value_text), '') AS DECIMAL(18, 6)) AS value
  FROM told
),
judged AS (
  SELECT
    *,
    CASE
      WHEN line IS NOT NULL THEN 'line is no JSON object: ' || substr(line, 1, 200)
      WHEN row_problem IS NOT NULL THEN row_problem
      WHEN coalesce(client_id, '') = '' THEN 'client id missing'
      WHEN coalesce(meter_id, '') = '' THEN 'meter id missing'
      WHEN kind NOT IN ('', 'energy', 'register') THEN 'kind not known: ' || kind
      WHEN time_problem IS NOT NULL THEN time_problem
      WHEN value IS NULL AND trim(coalesce(value_text, '')) <> '' THEN 'value is no number: ' || value_text
      WHEN fuel IS NULL THEN 'fuel missing'
      WHEN fuel NOT IN ('electricity', 'gas', 'district_heating') THEN 'fuel not known: ' || fuel
      WHEN channel IS NULL THEN 'channel missing'
      WHEN channel NOT IN ('import', 'export', 'production', 'consumption') THEN 'channel not known: ' || channel
      WHEN unit IS NULL THEN 'unit missing'
      WHEN unit NOT IN ('Wh', 'kWh', 'MWh', 'MJ', 'm3') THEN 'unit not known: ' || unit
      WHEN unit = 'm3' AND (calorific_value_mj_m3 NOT BETWEEN 1 AND 1000
        OR trim(calorific_text) <> '' AND try_cast(trim(calorific_text) AS DECIMAL(18, 6)) IS NULL) THEN 'calorific value not understood: ' || calorific_text
      WHEN unit = 'm3' AND calorific_value_mj_m3 IS NULL THEN 'calorific value missing'
      WHEN quality NOT IN ('measured', 'estimated') THEN 'quality not known: ' || quality
      WHEN is_register AND trim(digits_text) <> '' AND coalesce(register_digits, 0) NOT BETWEEN 1 AND 11 THEN 'register digits not understood: ' || digits_text
    END AS problem
  FROM valued
)
SELECT
  source,
  client_id,
  meter_id,
  CASE WHEN fuel IN ('electricity', 'gas', 'district_heating') THEN fuel END AS fuel,
  CASE WHEN channel IN ('import', 'export', 'production', 'consumption') THEN channel END AS channel,
  local_date,
  res_min,
  tz,
  policy,
  day_start_min,
  max_micro_kwh_per_hour,
  stamp AS label,
  instant,
  is_untrue,
  is_on_grid,
  label_min,
  slot,
  turn,
  CASE WHEN problem IS NULL AND NOT is_register
    AND abs(value) <= CASE unit WHEN 'Wh' THEN 100000000000 WHEN 'MWh' THEN 100000 WHEN 'MJ' THEN 360000000 WHEN 'm3' THEN 10000000 ELSE 100000000 END
    THEN CASE WHEN unit = 'MWh' THEN micro_kwh(CAST(try_cast(trim(value_text) AS DECIMAL(18, 9)) * 1000 AS DECIMAL(18, 6)))
      ELSE micro_kwh_of(value, unit, calorific_value_mj_m3) END END AS energy_micro_kwh,
  value,
  CASE WHEN quality = 'estimated' THEN 'estimated' ELSE 'measured' END AS quality,
  is_register,
  unit,
  calorific_value_mj_m3,
  register_digits,
  problem,
  arrival,
  file,
  sha256,
  row_number,
  month
FROM judged
