-- What arrived and found no place, and why: whole days (no slot), values of a day at their place in its array, and
-- labelled values. value_count is how many values a row stands for; raw is what came.
-- increment: local_date
WITH rejected_day AS (
  SELECT arrival, row_number, local_date, reason FROM silver.day_fate WHERE fate = 'rejected'
),
unplaced AS (
  SELECT arrival, row_number FROM silver.day_fate WHERE fate <> 'placed'
),
suspect AS (
  -- Only a day with a value out of bounds, or with an hour that doesn't exist, can have a value to reject.
  SELECT day.*, length.least_minutes, length.n_labels < length.n_nominal AND day.policy IN ('fixed_slots_sum_double', 'fixed_slots_repeat') AS has_absent
  FROM silver.meter_day AS day
  JOIN (
    SELECT *, least(res_min, least_label_minutes, day_minutes - (n_slots - 1) * res_min) AS least_minutes FROM silver.day_length
  ) AS length
    ON length.tz = day.tz
    AND length.day_start_min = day.day_start_min
    AND length.local_date = day.local_date
    AND length.res_min = day.res_min
  LEFT JOIN unplaced ON unplaced.arrival = day.arrival AND unplaced.row_number = day.row_number
  WHERE unplaced.arrival IS NULL
    AND (
      day.least_micro_kwh < 0
      OR day.most_micro_kwh * 60 > day.max_micro_kwh_per_hour * length.least_minutes
      OR (length.n_labels < length.n_nominal AND day.policy IN ('fixed_slots_sum_double', 'fixed_slots_repeat'))
    )
),
laid AS (
  SELECT
    suspect.source, suspect.client_id, suspect.meter_id, suspect.local_date,
    CASE suspect.policy WHEN 'variable_length' THEN slot.slot WHEN 'fixed_slots_skip_sum_double' THEN slot.wall_rank ELSE slot.wall_slot END AS place,
    CASE WHEN suspect.policy IN ('fixed_slots_sum_double', 'fixed_slots_skip_sum_double') THEN slot.wall_minutes ELSE slot.dur_min END AS minutes,
    suspect.energy_micro_kwh, suspect.max_micro_kwh_per_hour, suspect.micro_kwh_per_unit,
    suspect.file, suspect.sha256, suspect.row_number, suspect.month
  FROM suspect
  JOIN silver.slot AS slot
    ON slot.tz = suspect.tz
    AND slot.day_start_min = suspect.day_start_min
    AND slot.local_date = suspect.local_date
    AND slot.res_min = suspect.res_min
    AND CASE WHEN suspect.policy = 'variable_length' THEN slot.is_elapsed ELSE slot.is_wall AND slot.wall_repeat = 1 END
),
valued AS (
  SELECT laid.*, try_element_at(energy_micro_kwh, place) AS value FROM laid
),
absent AS (
  SELECT suspect.*, label.wall_slot AS place, try_element_at(suspect.energy_micro_kwh, label.wall_slot) AS value
  FROM suspect
  JOIN silver.absent_label AS label
    ON label.tz = suspect.tz
    AND label.day_start_min = suspect.day_start_min
    AND label.local_date = suspect.local_date
    AND label.res_min = suspect.res_min
  WHERE suspect.has_absent
),
reject AS (
  SELECT
    day.source, day.client_id, day.meter_id, day.local_date, CAST(NULL AS INTEGER) AS slot, day.value_count,
    CASE WHEN day.energy_micro_kwh IS NOT NULL THEN day.total_micro_kwh END AS micro_kwh, fate.reason, day.file, day.sha256, day.row_number,
    coalesce(day.raw, unscaled_text(day.energy_micro_kwh, day.micro_kwh_per_unit)) AS raw, day.month
  FROM rejected_day AS fate
  JOIN silver.meter_day AS day
    ON day.arrival = fate.arrival AND day.row_number = fate.row_number AND day.local_date = fate.local_date
  UNION ALL
  SELECT source, client_id, meter_id, local_date, place, 1, value,
    CASE WHEN value < 0 THEN 'negative value: ' || CAST(quotient(value, micro_kwh_per_unit) AS STRING)
      ELSE 'value above what its source allows: ' || CAST(quotient(value, micro_kwh_per_unit) AS STRING) END,
    file, sha256, row_number, CAST(quotient(value, micro_kwh_per_unit) AS STRING), month
  FROM valued
  WHERE value < 0 OR value * 60 > max_micro_kwh_per_hour * minutes
  UNION ALL
  SELECT source, client_id, meter_id, local_date, place, 1, value,
    'energy in an hour that does not exist in ' || tz || ': ' || CAST(quotient(value, micro_kwh_per_unit) AS STRING),
    file, sha256, row_number, CAST(quotient(value, micro_kwh_per_unit) AS STRING), month
  FROM absent
  WHERE value <> 0
  UNION ALL
  SELECT fate.source, fate.client_id, fate.meter_id, fate.local_date, fate.slot, 1, fate.energy_micro_kwh,
    fate.reason, row.file, row.sha256, row.row_number,
    coalesce(row.label, '') || ' ' || coalesce(CAST(row.value AS STRING), ''), fate.month
  FROM silver.interval_fate AS fate
  JOIN silver.meter_interval AS row
    ON row.arrival = fate.arrival AND row.row_number = fate.row_number AND row.local_date = fate.local_date
  WHERE fate.fate = 'rejected'
)
SELECT
  source,
  client_id,
  meter_id,
  local_date,
  CAST(slot AS INTEGER) AS slot,
  CAST(value_count AS INTEGER) AS value_count,
  kwh(micro_kwh) AS energy_kwh,
  reason,
  file,
  sha256,
  row_number,
  raw,
  month
FROM reject
