-- Every day that arrived as an array, one row each, in one shape: whole micro-kWh, and the settings of its source.
-- A date that is missing or outside 1970 to 2100 stands as 1969-12-31, and as it came in unusable_date. An array with
-- a value beyond 10^14 micro-kWh (100 GWh), or more of them than any day has, stands as NULL, and as it came in raw.
-- key: arrival, row_number
-- increment: local_date
WITH dated AS (
  SELECT *, date AS local_date, CAST(NULL AS STRING) AS unusable_date
  FROM bronze.eliq_daily
  WHERE date BETWEEN DATE '1970-01-01' AND DATE '2100-12-31'
  UNION ALL
  SELECT *, DATE '1969-12-31' AS local_date, coalesce(CAST(date AS STRING), 'none') AS unusable_date
  FROM bronze.eliq_daily
  WHERE date IS NULL OR date < DATE '1970-01-01' OR date > DATE '2100-12-31'
),
bounded AS (
  SELECT
    dated.*,
    source.client_id AS source_client_id,
    source.fuel,
    source.channel,
    source.tz,
    source.policy,
    source.day_start_min,
    source.max_kwh_per_hour,
    CAST(source.micro_kwh_per_unit AS BIGINT) AS micro_kwh_per_unit,
    array_min(dated.energy_consumption) AS least_value,
    array_max(dated.energy_consumption) AS most_value
  FROM dated
  JOIN bronze.source AS source ON source.source = dated.source
),
held AS (
  SELECT
    *,
    coalesce(most_value, 0) <= quotient(100000000000000, micro_kwh_per_unit)
      AND coalesce(least_value, 0) >= -quotient(100000000000000, micro_kwh_per_unit)
      AND coalesce(array_size(energy_consumption), 0) <= 1000 AS is_held
  FROM bounded
)
SELECT
  source,
  coalesce(client_id, source_client_id) AS client_id,
  ext_dev_ref AS meter_id,
  fuel,
  channel,
  local_date,
  CAST(CASE resolution WHEN '15min' THEN 15 WHEN '30min' THEN 30 WHEN '60min' THEN 60 END AS INTEGER) AS res_min,
  tz,
  policy,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  CASE WHEN max_kwh_per_hour < 200000000 THEN micro_kwh(max_kwh_per_hour) END AS max_micro_kwh_per_hour,
  micro_kwh_per_unit,
  CASE WHEN is_held THEN scaled(energy_consumption, micro_kwh_per_unit) END AS energy_micro_kwh,
  array_size(energy_consumption) AS value_count,
  present_count(energy_consumption) AS present_count,
  CASE WHEN is_held THEN array_total(energy_consumption) * micro_kwh_per_unit END AS total_micro_kwh,
  CASE WHEN is_held THEN least_value * micro_kwh_per_unit END AS least_micro_kwh,
  CASE WHEN is_held THEN most_value * micro_kwh_per_unit END AS most_micro_kwh,
  resolution,
  unusable_date,
  CASE WHEN NOT is_held THEN json_text(energy_consumption) END AS raw,
  arrival,
  file,
  sha256,
  row_number,
  month_of(local_date) AS month
FROM held
