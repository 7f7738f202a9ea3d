-- Half hours of smart meters, at the times that their files name.
WITH told AS (
  SELECT
    moment.*,
    reading.meterpoint_id AS meter_id,
    try_cast(nullif(trim(reading.consumption_delta), '') AS DECIMAL(18, 6)) AS value,
    reading.consumption_delta AS value_text,
    reading.arrival,
    reading.file,
    reading.sha256,
    reading.row_number
  FROM bronze.smart_meter_reading AS reading
  JOIN silver.smart_meter_time AS moment ON moment.source = reading.source AND moment.label IS NOT DISTINCT FROM reading.interval_start
),
valued AS (
  SELECT
    *,
    CASE
      WHEN coalesce(client_id, '') = '' THEN 'client id missing'
      WHEN coalesce(meter_id, '') = '' THEN 'meter id missing'
      WHEN label_problem IS NOT NULL THEN label_problem
      WHEN value IS NULL AND trim(coalesce(value_text, '')) <> '' THEN 'value is no number: ' || value_text
      WHEN is_label_too_short THEN 'label says less than its policy asks: ' || label
    END AS problem
  FROM told
)
SELECT
  source,
  client_id,
  meter_id,
  fuel,
  channel,
  CASE WHEN problem IS NULL THEN local_date ELSE DATE '1969-12-31' END AS local_date,
  CAST(30 AS INTEGER) AS res_min,
  tz,
  policy,
  day_start_min,
  max_micro_kwh_per_hour,
  label,
  CASE WHEN problem IS NULL THEN instant END AS instant,
  false AS is_untrue,
  CASE WHEN problem IS NULL THEN is_on_grid END AS is_on_grid,
  CASE WHEN problem IS NULL THEN label_min END AS label_min,
  CAST(NULL AS INTEGER) AS slot,
  CAST(NULL AS INTEGER) AS turn,
  CASE WHEN abs(value) <= max_value THEN quotient(micro_kwh(value) * unit_times, unit_parts) END AS energy_micro_kwh,
  value,
  'measured' AS quality,
  false AS is_register,
  CAST(NULL AS STRING) AS unit,
  CAST(NULL AS DECIMAL(18, 6)) AS calorific_value_mj_m3,
  CAST(NULL AS INTEGER) AS register_digits,
  problem,
  arrival,
  file,
  sha256,
  row_number,
  CASE WHEN problem IS NULL THEN month ELSE '1969-12' END AS month
FROM valued
