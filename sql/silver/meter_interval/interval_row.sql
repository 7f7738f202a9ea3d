-- Every labelled value that arrived, one row each, where its time puts it; what its row leaves empty its source says. problem says
-- why a row can't be right by itself. revision is the second since 1970 at which its sender made it, by a clock of the sender's
-- where the row doesn't say which; NULL where rows don't say when. energy_micro_kwh is rounded once, here, half up, after the conversion of the unit. The energy of a mean
-- power depends on the length of its interval, which silver.interval_place knows, and that of a register's reading is the difference that
-- silver.register_reading finds: those rows have their exact_value, with up to thirteen decimals. value is rounded to six, to be shown.
-- key: arrival, row_number
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
    CASE WHEN doubled.turn = 2 THEN moment.second_local_date ELSE moment.local_date END AS local_date,
    moment.instant,
    moment.is_untrue,
    moment.is_on_grid,
    moment.is_end,
    CASE WHEN doubled.turn = 2 THEN moment.second_label_min ELSE moment.label_min END AS label_min,
    CASE WHEN doubled.turn = 2 THEN moment.second_label_turn ELSE moment.label_turn END AS label_turn,
    moment.slot,
    moment.is_register,
    coalesce(moment.problem, moment.misfit, doubled.problem) AS time_problem,
    coalesce(interval_row.client_id, source.client_id) AS client_id,
    interval_row.meter_id,
    coalesce(nullif(trim(interval_row.fuel), ''), source.fuel) AS fuel,
    coalesce(nullif(trim(interval_row.channel), ''), source.channel) AS channel,
    coalesce(nullif(trim(interval_row.unit), ''), source.unit) AS unit,
    coalesce(nullif(trim(interval_row.quality), ''), 'measured') AS quality,
    interval_row.kind,
    interval_row.line,
    nullif(trim(interval_row.problem), '') AS row_problem,
    nullif(trim(interval_row.value), '') AS value_text,
    mark_of(source.decimal_mark, interval_row.decimal_mark) AS decimal_mark,
    nullif(trim(interval_row.calorific_value_mj_m3), '') AS calorific_text,
    source.calorific_value_mj_m3 AS source_calorific_value,
    CASE WHEN moment.is_register THEN nullif(trim(interval_row.register_digits), '') END AS digits_text,
    CASE WHEN source.max_kwh_per_hour < 200000000 THEN micro_kwh(source.max_kwh_per_hour) END AS max_micro_kwh_per_hour,
    nullif(trim(interval_row.revised_at), '') AS revised_text,
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
  LEFT JOIN silver.label_turn AS doubled ON doubled.arrival = interval_row.arrival AND doubled.row_number = interval_row.row_number
),
parsed AS (
  SELECT
    *,
    simple_number(value_text, decimal_mark) AS simple_value,
    CASE WHEN calorific_text IS NULL THEN source_calorific_value ELSE measure_of(calorific_text, decimal_mark) END AS calorific_value_mj_m3,
    whole_number(digits_text, decimal_mark) AS digits,
    CASE WHEN revised_text IS NOT NULL THEN utc_seconds(iso_stamp(revised_text, 'iso')) END AS revision
  FROM told
),
widened AS (
  SELECT
    *,
    CASE WHEN is_register OR is_power(unit) THEN coalesce(CAST(simple_value AS DECIMAL(38, 13)), wide_number(value_text, decimal_mark))
      WHEN simple_value IS NULL AND value_text IS NOT NULL THEN wide_number(value_text, decimal_mark) END AS wide_value
  FROM parsed
),
valued AS (
  SELECT
    *,
    coalesce(simple_value, CASE WHEN abs(wide_value) < 999999999999 AND (wide_value <> 0 OR NOT has_digit(value_text)) THEN CAST(wide_value AS DECIMAL(18, 6)) END) AS value,
    CASE
      WHEN is_register OR is_power(unit) OR NOT coalesce(calorific_value_mj_m3, 1) BETWEEN 1 AND 1000 THEN NULL
      WHEN abs(simple_value) <= CASE unit WHEN 'Wh' THEN 99999999999 WHEN 'kWh' THEN 100000000 WHEN 'MWh' THEN 100000 WHEN 'MJ' THEN 360000000 WHEN 'm3' THEN 100000 END
        THEN micro_kwh_of(simple_value, unit, calorific_value_mj_m3)
      WHEN simple_value IS NOT NULL THEN exact_micro_kwh(CAST(simple_value AS DECIMAL(38, 13)), unit, calorific_value_mj_m3, NULL)
      WHEN wide_value IS NOT NULL THEN exact_micro_kwh(wide_value, unit, calorific_value_mj_m3, NULL)
    END AS energy_micro_kwh
  FROM widened
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
      WHEN revised_text IS NOT NULL AND revision IS NULL THEN 'time of revision unreadable: ' || revised_text
      WHEN value IS NULL AND value_text IS NOT NULL THEN 'value ' || number_fault(value_text, decimal_mark)
      WHEN fuel IS NULL THEN 'fuel missing'
      WHEN fuel NOT IN ('electricity', 'gas', 'district_heating') THEN 'fuel not known: ' || fuel
      WHEN channel IS NULL THEN 'channel missing'
      WHEN channel NOT IN ('import', 'export', 'production', 'consumption') THEN 'channel not known: ' || channel
      WHEN unit IS NULL THEN 'unit missing'
      WHEN unit_parts(unit) IS NULL THEN 'unit not known: ' || unit
      WHEN is_power(unit) AND is_register THEN 'no register counts power: ' || unit
      WHEN is_gas_volume(unit) AND calorific_text IS NOT NULL AND NOT coalesce(calorific_value_mj_m3, 0) BETWEEN 1 AND 1000
        THEN 'calorific value not understood: ' || calorific_text
      WHEN is_gas_volume(unit) AND calorific_value_mj_m3 IS NULL THEN 'calorific value missing'
      WHEN quality NOT IN ('measured', 'estimated', 'questionable') THEN 'quality not known: ' || quality
      WHEN is_register AND digits_text IS NOT NULL AND coalesce(digits, 0) NOT BETWEEN 1 AND 11 THEN 'register digits not understood: ' || digits_text
      WHEN energy_micro_kwh = 0 AND coalesce(wide_value, simple_value) <> 0 THEN 'value is not zero but too small to keep: ' || value_text || ' ' || unit
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
  is_end,
  label_min,
  label_turn,
  slot,
  CASE WHEN problem IS NULL THEN energy_micro_kwh END AS energy_micro_kwh,
  value,
  CASE WHEN is_register OR is_power(unit) THEN wide_value END AS exact_value,
  CASE WHEN quality IN ('estimated', 'questionable') THEN 'estimated' ELSE 'measured' END AS quality,
  is_register,
  unit,
  calorific_value_mj_m3,
  CAST(digits AS INTEGER) AS register_digits,
  revision,
  problem,
  arrival,
  file,
  sha256,
  row_number,
  month_of(local_date) AS month
FROM judged
