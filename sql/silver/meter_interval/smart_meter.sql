-- Half hours of smart meters, at the times that their files name.
WITH told AS (
  SELECT
    moment.*,
    doubled.turn,
    coalesce(moment.problem, moment.misfit, doubled.problem) AS time_problem,
    reading.meterpoint_id AS meter_id,
    nullif(trim(reading.consumption_delta), '') AS value_text,
    mark_of(moment.decimal_mark_set, reading.decimal_mark) AS decimal_mark,
    reading.arrival,
    reading.file,
    reading.sha256,
    reading.row_number
  FROM bronze.smart_meter_reading AS reading
  JOIN silver.smart_meter_time AS moment ON moment.source = reading.source AND moment.label IS NOT DISTINCT FROM reading.interval_start
  LEFT JOIN silver.label_turn AS doubled ON doubled.arrival = reading.arrival AND doubled.row_number = reading.row_number
),
parsed AS (
  SELECT *, simple_number(value_text, decimal_mark) AS simple_value
  FROM told
),
widened AS (
  SELECT *, CASE WHEN simple_value IS NULL AND value_text IS NOT NULL THEN wide_number(value_text, decimal_mark) END AS wide_value
  FROM parsed
),
measured AS (
  SELECT
    *,
    coalesce(simple_value, CASE WHEN abs(wide_value) < 999999999999 AND (wide_value <> 0 OR NOT has_digit(value_text)) THEN CAST(wide_value AS DECIMAL(18, 6)) END) AS value,
    CASE
      WHEN abs(simple_value) <= max_value THEN micro_kwh_of(simple_value, unit, NULL)
      WHEN wide_value IS NOT NULL THEN exact_micro_kwh(wide_value, unit, NULL, NULL)
    END AS energy
  FROM widened
),
valued AS (
  SELECT
    *,
    CASE
      WHEN coalesce(client_id, '') = '' THEN 'client id missing'
      WHEN coalesce(meter_id, '') = '' THEN 'meter id missing'
      WHEN time_problem IS NOT NULL THEN time_problem
      WHEN value IS NULL AND value_text IS NOT NULL THEN 'value ' || number_fault(value_text, decimal_mark)
      WHEN energy = 0 AND coalesce(wide_value, simple_value) <> 0 THEN 'value is not zero but too small to keep: ' || value_text || ' ' || unit
    END AS row_problem
  FROM measured
)
SELECT
  source,
  client_id,
  meter_id,
  fuel,
  channel,
  CASE WHEN turn = 2 THEN second_local_date ELSE local_date END AS local_date,
  res_min,
  tz,
  policy,
  day_start_min,
  max_micro_kwh_per_hour,
  stamp AS label,
  instant,
  is_untrue,
  is_on_grid,
  is_end,
  CASE WHEN turn = 2 THEN second_label_min ELSE label_min END AS label_min,
  CASE WHEN turn = 2 THEN second_label_turn ELSE label_turn END AS label_turn,
  slot,
  energy AS energy_micro_kwh,
  value,
  CAST(NULL AS DECIMAL(38, 13)) AS exact_value,
  'measured' AS quality,
  false AS is_register,
  CAST(NULL AS STRING) AS unit,
  CAST(NULL AS DECIMAL(18, 6)) AS calorific_value_mj_m3,
  CAST(NULL AS INTEGER) AS register_digits,
  CAST(NULL AS BIGINT) AS revision,
  row_problem AS problem,
  arrival,
  file,
  sha256,
  row_number,
  CASE WHEN turn = 2 THEN month_of(second_local_date) ELSE month END AS month
FROM valued
