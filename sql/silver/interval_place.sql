-- Where each labelled value belongs: the interval that it names, found in the calendar, and what is wrong with it by itself,
-- whatever else came. Of a register's reading it is the moment, on the calendar's least interval. is_met tells whether there was such an interval; slot is the number of a label's or a slot's place.
-- key: arrival, row_number
-- increment: local_date
-- stored: no
WITH named AS (
  -- What a row names, as one number: the minute of its label, the number of its slot, or the minute of its instant. An
  -- instant needs no slot of its own resolution (UTC's hours begin at :45 in Kathmandu): its quarter tells its hour. Only days
  -- and months begin when the calendar says. A register is read at any minute of a quarter, minutes_past its beginning.
  SELECT
    *,
    CASE WHEN instant IS NOT NULL AND res_min <= 60 THEN 15 ELSE res_min END AS mark_res_min,
    CASE WHEN is_register THEN coalesce(unix_minutes(instant), label_min) % 15 ELSE 0 END AS minutes_past,
    CASE WHEN instant IS NOT NULL THEN 'instant' WHEN slot IS NOT NULL THEN 'slot' WHEN is_end THEN 'end' ELSE 'label' END AS mark,
    CASE
      WHEN instant IS NOT NULL THEN unix_minutes(instant) - CASE WHEN is_register THEN unix_minutes(instant) % 15 ELSE 0 END
      WHEN slot IS NOT NULL THEN slot
      ELSE label_min - CASE WHEN is_register THEN label_min % 15 ELSE 0 END
    END AS number
  FROM silver.meter_interval
),
mark AS (
  SELECT 'label' AS mark, CAST((wall_slot - 1) * res_min AS BIGINT) AS number, wall_repeat AS label_turn,
    tz, day_start_min, local_date, res_min, start_utc, dur_min, wall_minutes AS label_minutes, hour_start, local_hour
  FROM silver.slot
  WHERE is_wall
  UNION ALL
  SELECT 'end', CAST(end_min AS BIGINT), end_repeat,
    tz, day_start_min, local_date, res_min, start_utc, dur_min, end_minutes, hour_start, local_hour
  FROM silver.slot
  WHERE is_wall AND end_min IS NOT NULL
  UNION ALL
  SELECT 'slot', CAST(slot AS BIGINT), CAST(1 AS INTEGER),
    tz, day_start_min, local_date, res_min, start_utc, dur_min, wall_minutes, hour_start, local_hour
  FROM silver.slot
  WHERE is_elapsed
  UNION ALL
  SELECT 'instant', unix_minutes(start_utc), CAST(1 AS INTEGER),
    tz, day_start_min, local_date, res_min, start_utc, dur_min, wall_minutes, hour_start, local_hour
  FROM silver.slot
  WHERE is_elapsed AND res_min IN (15, 1440, 43200)
),
met AS (
  SELECT
    named.*,
    mark.start_utc,
    mark.dur_min,
    mark.label_minutes,
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
    AND mark.label_turn = named.label_turn
),
judged AS (
  SELECT
    *,
    CASE
      WHEN policy = 'fixed_slots_sum_double' OR policy = 'fixed_slots_skip_sum_double' THEN label_minutes
      WHEN instant IS NOT NULL AND res_min <= 60 THEN res_min
      ELSE dur_min
    END AS minutes,
    CASE
      WHEN problem IS NOT NULL THEN problem
      WHEN is_untrue THEN 'label of an interval that never happened in ' || tz || ': ' || label
      WHEN res_min > 60 AND (NOT is_met OR label_min > 0)
        THEN 'no ' || CASE res_min WHEN 1440 THEN 'day' ELSE 'month' END || ' begins then in ' || tz || ', where days begin at '
          || lpad(CAST(quotient(day_start_min, 60) AS STRING), 2, '0') || ':' || lpad(CAST(day_start_min % 60 AS STRING), 2, '0') || ': ' || label
      WHEN NOT is_register AND (NOT is_on_grid OR (label_min % res_min <> 0 AND NOT (is_end AND is_met)))
        THEN 'label not on the ' || CAST(res_min AS STRING) || '-minute grid: ' || label
      WHEN NOT is_met AND policy LIKE 'fixed_slots_%' AND coalesce(exact_value <> 0, energy_micro_kwh <> 0, value <> 0)
        THEN 'energy in an hour that does not exist in ' || tz || ': ' || label
      WHEN NOT is_met AND policy NOT LIKE 'fixed_slots_%' THEN 'label of an interval that never happened in ' || tz || ': ' || label
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
  CAST(CASE
    WHEN instant IS NOT NULL THEN NULL
    WHEN slot IS NOT NULL THEN slot
    ELSE quotient(label_min, res_min) + CASE WHEN is_end THEN 0 ELSE 1 END
  END AS INTEGER) AS slot,
  CASE WHEN is_end THEN label_min END AS end_min,
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
  revision,
  month
FROM valued
