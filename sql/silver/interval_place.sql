-- Where each labelled value belongs: the interval that it names, found in the calendar, and what is wrong with it by itself,
-- whatever else came. Of a register's reading it is the moment, on the calendar's least interval. is_met tells whether there was such an interval; slot is the number of a label's or a slot's place.
-- key: arrival, row_number
-- increment: local_date
-- stored: no
WITH turned AS (
  SELECT *, CAST(CASE WHEN policy = 'label_3a_3b' THEN coalesce(turn, 1) ELSE 1 END AS BIGINT) AS nth
  FROM silver.meter_interval
  WHERE policy NOT IN ('label_in_order', 'label_paired') OR instant IS NOT NULL
  UNION ALL
  -- A label that comes twice means the first time and then the second, in the order of the file.
  SELECT *,
    row_number() OVER (PARTITION BY arrival, client_id, meter_id, fuel, channel, res_min, is_register, local_date, label_min ORDER BY row_number) AS nth
  FROM silver.meter_interval
  WHERE policy IN ('label_in_order', 'label_paired') AND instant IS NULL
),
first_bearing AS (
  SELECT tz, day_start_min, local_date, res_min, wall_slot, wall_repeats FROM silver.slot WHERE is_wall AND wall_repeat = 1
),
-- What a row names, as one number: the place of its label, the number of its slot, or the minute of its instant. An
-- instant needs no slot of its own resolution (UTC's hours begin at :45 in Kathmandu): its quarter tells its hour. Only days
-- and months begin when the calendar says. A register is read at any minute of a quarter, minutes_past its beginning.
named AS (
  SELECT
    turned.*,
    first_bearing.wall_repeats AS repeats,
    CASE WHEN instant IS NOT NULL AND turned.res_min <= 60 THEN 15 ELSE turned.res_min END AS mark_res_min,
    CASE WHEN is_register THEN coalesce(unix_minutes(instant), label_min) % 15 ELSE 0 END AS minutes_past,
    CASE WHEN instant IS NOT NULL THEN 'instant' WHEN slot IS NOT NULL THEN 'slot' ELSE 'label' END AS mark,
    CASE
      WHEN instant IS NOT NULL THEN unix_minutes(instant) - CASE WHEN is_register THEN unix_minutes(instant) % 15 ELSE 0 END
      WHEN slot IS NOT NULL THEN slot
      ELSE quotient(label_min, turned.res_min) + 1
    END AS number,
    -- A label that happened once has one meaning, however often it came.
    CASE WHEN first_bearing.wall_repeats > 1 THEN turned.nth ELSE 1 END AS turn_of_label
  FROM turned
  LEFT JOIN first_bearing
    ON first_bearing.tz = turned.tz
    AND first_bearing.day_start_min = turned.day_start_min
    AND first_bearing.local_date = turned.local_date
    AND first_bearing.res_min = turned.res_min
    AND first_bearing.wall_slot = quotient(turned.label_min, turned.res_min) + 1
),
mark AS (
  SELECT 'label' AS mark, CAST(wall_slot AS BIGINT) AS number, CAST(wall_repeat AS BIGINT) AS turn_of_label,
    tz, day_start_min, local_date, res_min, start_utc, dur_min, wall_minutes, hour_start, local_hour
  FROM silver.slot
  WHERE is_wall
  UNION ALL
  SELECT 'slot', CAST(slot AS BIGINT), CAST(1 AS BIGINT),
    tz, day_start_min, local_date, res_min, start_utc, dur_min, wall_minutes, hour_start, local_hour
  FROM silver.slot
  WHERE is_elapsed
  UNION ALL
  SELECT 'instant', unix_minutes(start_utc), CAST(1 AS BIGINT),
    tz, day_start_min, local_date, res_min, start_utc, dur_min, wall_minutes, hour_start, local_hour
  FROM silver.slot
  WHERE is_elapsed AND res_min IN (15, 1440, 43200)
),
met AS (
  SELECT
    named.*,
    mark.start_utc,
    mark.dur_min,
    mark.wall_minutes,
    mark.hour_start,
    mark.local_hour,
    mark.start_utc IS NOT NULL AS is_met
  FROM named
  LEFT JOIN mark
    ON mark.tz = named.tz
    AND mark.day_start_min = named.day_start_min
    AND mark.local_date = named.local_date
    AND mark.res_min = named.mark_res_min
    AND mark.mark = named.mark
    AND mark.number = named.number
    AND mark.turn_of_label = named.turn_of_label
),
judged AS (
  SELECT
    *,
    CASE
      WHEN policy = 'fixed_slots_sum_double' OR policy = 'fixed_slots_skip_sum_double' THEN wall_minutes
      WHEN instant IS NOT NULL AND res_min <= 60 THEN res_min
      ELSE dur_min
    END AS minutes,
    CASE
      WHEN problem IS NOT NULL THEN problem
      WHEN is_untrue THEN 'label that never happened in ' || tz || ': ' || label
      WHEN res_min > 60 AND (NOT is_met OR label_min > 0)
        THEN 'no ' || CASE res_min WHEN 1440 THEN 'day' ELSE 'month' END || ' begins then in ' || tz || ', where days begin at '
          || lpad(CAST(quotient(day_start_min, 60) AS STRING), 2, '0') || ':' || lpad(CAST(day_start_min % 60 AS STRING), 2, '0') || ': ' || label
      WHEN NOT is_register AND (NOT is_on_grid OR label_min % res_min <> 0)
        THEN 'label not on the ' || CAST(res_min AS STRING) || '-minute grid: ' || label
      WHEN policy = 'label_3a_3b' AND repeats > 1 AND turn IS NULL THEN 'label happened twice: ' || label
      WHEN policy = 'label_3a_3b' AND repeats = 1 AND turn IS NOT NULL THEN 'label that never happened in ' || tz || ': ' || label
      WHEN policy IN ('label_in_order', 'label_paired') AND repeats > 1 AND nth > repeats THEN 'label came more often than it happened: ' || label
      WHEN NOT is_met AND policy LIKE 'fixed_slots_%' AND coalesce(exact_value <> 0, energy_micro_kwh <> 0, value <> 0)
        THEN 'energy in an hour that does not exist in ' || tz || ': ' || label
      WHEN NOT is_met AND policy NOT LIKE 'fixed_slots_%' THEN 'label that never happened in ' || tz || ': ' || label
    END AS label_reason
  FROM met
),
-- The energy of a mean power is known here, as the real length of its interval is.
measured AS (
  SELECT
    *,
    CASE WHEN exact_value IS NULL OR is_register THEN energy_micro_kwh
      WHEN label_reason IS NULL THEN exact_micro_kwh(exact_value, unit, NULL, CAST(minutes AS BIGINT)) END AS energy
  FROM judged
),
valued AS (
  SELECT
    *,
    CASE
      WHEN label_reason IS NOT NULL THEN label_reason
      WHEN is_met AND value IS NOT NULL AND energy IS NULL AND NOT is_register THEN 'value is too large: ' || CAST(value AS STRING) || ' ' || unit
      WHEN energy < 0 OR (is_register AND value < 0) THEN 'negative value: ' || CAST(value AS STRING)
      WHEN energy = 0 AND exact_value <> 0 AND NOT is_register THEN 'value is not zero but too small to keep: ' || CAST(exact_value AS STRING) || ' ' || unit
      WHEN energy * 60 > max_micro_kwh_per_hour * minutes THEN 'value above what its source allows: ' || CAST(value AS STRING)
    END AS reason
  FROM measured
)
SELECT
  arrival,
  row_number,
  source,
  client_id,
  meter_id,
  fuel,
  channel,
  local_date,
  res_min,
  tz,
  policy,
  day_start_min,
  label,
  CAST(CASE WHEN instant IS NULL THEN number END AS INTEGER) AS slot,
  value,
  exact_value,
  energy AS energy_micro_kwh,
  CASE WHEN is_register THEN instant_at(unix_minutes(start_utc) + minutes_past) ELSE start_utc END AS interval_start,
  CAST(minutes AS INTEGER) AS interval_minutes,
  hour_start,
  local_hour,
  is_met,
  reason,
  max_micro_kwh_per_hour,
  quality,
  is_register,
  unit,
  calorific_value_mj_m3,
  register_digits,
  month
FROM valued
