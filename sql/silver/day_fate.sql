-- What became of each arrived day: placed (its values go to the calendar one by one), superseded by a newer arrival of the same
-- day, or rejected as a whole, and why. The same day twice in one file collapses to its first row when the two are
-- equal; when they differ all of that file's are rejected and supersede nothing.
-- key: arrival, row_number
-- increment: local_date
WITH measured AS (
  SELECT
    day.*,
    length.day_minutes,
    CASE day.policy
      WHEN 'variable_length' THEN length.n_slots
      WHEN 'fixed_slots_sum_double' THEN length.n_nominal
      WHEN 'fixed_slots_skip_sum_double' THEN length.n_labels
      WHEN 'fixed_slots_repeat' THEN length.n_nominal
    END AS expected_count
  FROM (
    SELECT source, client_id, meter_id, fuel, channel, local_date, res_min, tz, day_start_min, policy, value_count,
      energy_micro_kwh IS NULL AS is_unscaled, resolution, unusable_date, arrival, row_number, month
    FROM silver.meter_day
  ) AS day
  LEFT JOIN silver.day_length AS length
    ON length.tz = day.tz
    AND length.day_start_min = day.day_start_min
    AND length.local_date = day.local_date
    AND length.res_min = day.res_min
),
judged AS (
  SELECT
    *,
    CASE
      WHEN coalesce(client_id, '') = '' THEN 'client id missing'
      WHEN coalesce(meter_id, '') = '' THEN 'meter id missing'
      WHEN unusable_date = 'none' THEN 'date missing'
      WHEN unusable_date IS NOT NULL THEN 'date outside 1970 to 2100: ' || unusable_date
      WHEN res_min IS NULL THEN 'unknown resolution: ' || coalesce(resolution, 'none')
      WHEN policy NOT IN ('variable_length', 'fixed_slots_sum_double', 'fixed_slots_skip_sum_double', 'fixed_slots_repeat')
        THEN 'policy takes no arrays: ' || policy
      WHEN value_count IS NULL THEN 'no values'
      WHEN day_minutes IS NULL THEN 'date that never happened in ' || tz || ': ' || CAST(local_date AS STRING)
      WHEN value_count <> expected_count
        THEN CAST(value_count AS STRING) || ' values, expected ' || CAST(expected_count AS STRING)
      WHEN is_unscaled THEN 'value out of range'
    END AS reason
  FROM measured
),
-- Days that came more than once are rare: they are found by their keys alone, and only theirs are compared.
repeated AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min
  FROM judged
  WHERE reason IS NULL
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min
  HAVING count(*) > 1
),
version AS (
  SELECT judged.client_id, judged.meter_id, judged.fuel, judged.channel, judged.local_date, judged.res_min,
    judged.arrival, judged.row_number, day.energy_micro_kwh
  FROM repeated
  JOIN judged
    ON judged.client_id = repeated.client_id
    AND judged.meter_id = repeated.meter_id
    AND judged.fuel = repeated.fuel
    AND judged.channel = repeated.channel
    AND judged.local_date = repeated.local_date
    AND judged.res_min = repeated.res_min
    AND judged.reason IS NULL
  JOIN silver.meter_day AS day
    ON day.arrival = judged.arrival AND day.row_number = judged.row_number AND day.local_date = judged.local_date
),
told AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, arrival,
    count(DISTINCT energy_micro_kwh) > 1 AS is_contradictory, min(row_number) AS first_row
  FROM version
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min, arrival
),
newest AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, max(arrival) AS arrival
  FROM told
  WHERE NOT is_contradictory
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min
),
settled AS (
  SELECT
    version.arrival,
    version.row_number,
    CASE
      WHEN told.is_contradictory THEN 'rejected'
      WHEN version.arrival = newest.arrival AND version.row_number = told.first_row THEN 'placed'
      ELSE 'superseded'
    END AS fate
  FROM version
  JOIN told
    ON told.client_id = version.client_id
    AND told.meter_id = version.meter_id
    AND told.fuel = version.fuel
    AND told.channel = version.channel
    AND told.local_date = version.local_date
    AND told.res_min = version.res_min
    AND told.arrival = version.arrival
  LEFT JOIN newest
    ON newest.client_id = version.client_id
    AND newest.meter_id = version.meter_id
    AND newest.fuel = version.fuel
    AND newest.channel = version.channel
    AND newest.local_date = version.local_date
    AND newest.res_min = version.res_min
)
SELECT
  judged.arrival,
  judged.row_number,
  judged.source,
  judged.local_date,
  CASE WHEN judged.reason IS NOT NULL THEN 'rejected' ELSE coalesce(settled.fate, 'placed') END AS fate,
  CASE WHEN settled.fate = 'rejected' THEN 'day told twice in one file, differently' ELSE judged.reason END AS reason,
  judged.month
FROM judged
LEFT JOIN settled ON settled.arrival = judged.arrival AND settled.row_number = judged.row_number
