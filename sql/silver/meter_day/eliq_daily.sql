-- Every day that arrived as an array, one row each, in one shape: whole micro-kWh, and the settings of its source.
-- A date that is missing or outside 1970 to 2100 stands as 1969-12-31, and as it came in unusable_date. An array
-- with a value beyond 10^14 micro-kWh (100 GWh) stands as NULL, and as it came in raw.
-- key: arrival, row_number
-- partition: month
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
scaled_day AS (
  SELECT
    source.source,
    coalesce(dated.client_id, source.client_id) AS client_id,
    dated.ext_dev_ref AS meter_id,
    source.fuel,
    source.channel,
    dated.local_date,
    CASE dated.resolution WHEN '15min' THEN 15 WHEN '30min' THEN 30 WHEN '60min' THEN 60 END AS res_min,
    source.tz,
    source.policy,
    source.day_start_min,
    source.max_kwh_per_hour,
    source.micro_kwh_per_unit,
    scaled(dated.energy_consumption, CAST(source.micro_kwh_per_unit AS BIGINT), 100000000000000) AS energy_micro_kwh,
    dated.energy_consumption,
    dated.resolution,
    dated.unusable_date,
    dated.arrival,
    dated.file,
    dated.sha256,
    dated.row_number
  FROM dated
  JOIN bronze.source AS source ON source.source = dated.source
)
SELECT
  source,
  client_id,
  meter_id,
  fuel,
  channel,
  local_date,
  CAST(res_min AS INTEGER) AS res_min,
  tz,
  policy,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  CASE WHEN max_kwh_per_hour < 1000000000 THEN micro_kwh(max_kwh_per_hour) END AS max_micro_kwh_per_hour,
  CAST(micro_kwh_per_unit AS BIGINT) AS micro_kwh_per_unit,
  energy_micro_kwh,
  array_size(energy_consumption) AS value_count,
  present_count(energy_micro_kwh) AS present_count,
  array_total(energy_micro_kwh) AS total_micro_kwh,
  array_min(energy_micro_kwh) AS least_micro_kwh,
  array_max(energy_micro_kwh) AS most_micro_kwh,
  resolution,
  unusable_date,
  CASE WHEN energy_micro_kwh IS NULL THEN json_text(energy_consumption) END AS raw,
  arrival,
  file,
  sha256,
  row_number,
  month_of(local_date) AS month
FROM scaled_day
