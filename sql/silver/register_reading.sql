-- Every reading of a register, and the energy since the one before: placed at the reading before, as long as it is to this one.
-- step says how the register came to what it shows: forward, rollover (past its last digit: known only where its digits
-- are), reset (below what it showed, and no rollover), unit changed, or first. Neither of the last three tells an energy: before the
-- first there was no interval (nonexistent), of the others the energy is missing. A register that didn't come further than halfway
-- round has rolled over rather than been set back. Of several readings at one moment the newest arrival counts; two in
-- one file that differ are both rejected. Where a series tells its energy itself, at that resolution on that date, the
-- register's is superseded. Energy is rounded once, half up, of the difference.
-- Its res_min is that of the interval where it is one of the calendar, else NULL.
-- key: arrival, row_number
WITH told AS (
  SELECT *
  FROM silver.interval_place
  WHERE is_register
),
version AS (
  SELECT client_id, meter_id, fuel, channel, interval_start, arrival,
    min(value) <> max(value) OR min(unit) <> max(unit) AS is_contradictory, min(row_number) AS first_row
  FROM told
  WHERE reason IS NULL AND is_met AND value IS NOT NULL
  GROUP BY client_id, meter_id, fuel, channel, interval_start, arrival
),
newest AS (
  SELECT client_id, meter_id, fuel, channel, interval_start, max(arrival) AS arrival
  FROM version
  WHERE NOT is_contradictory
  GROUP BY client_id, meter_id, fuel, channel, interval_start
),
judged AS (
  SELECT
    told.*,
    CASE
      WHEN told.reason IS NOT NULL OR version.is_contradictory THEN 'rejected'
      WHEN NOT told.is_met THEN 'nonexistent'
      WHEN told.value IS NULL THEN 'missing'
      WHEN told.arrival = newest.arrival AND told.row_number = version.first_row THEN 'placed'
      ELSE 'superseded'
    END AS fate_of_row
  FROM told
  LEFT JOIN version
    ON version.client_id = told.client_id
    AND version.meter_id = told.meter_id
    AND version.fuel = told.fuel
    AND version.channel = told.channel
    AND version.interval_start = told.interval_start
    AND version.arrival = told.arrival
    AND told.reason IS NULL
    AND told.value IS NOT NULL
  LEFT JOIN newest
    ON newest.client_id = told.client_id
    AND newest.meter_id = told.meter_id
    AND newest.fuel = told.fuel
    AND newest.channel = told.channel
    AND newest.interval_start = told.interval_start
),
followed AS (
  SELECT
    judged.*,
    lag(exact_value) OVER clockwise AS value_before,
    lag(unit) OVER clockwise AS unit_before,
    lag(interval_start) OVER clockwise AS start_before,
    lag(local_date) OVER clockwise AS date_before,
    lag(hour_start) OVER clockwise AS hour_before,
    lag(local_hour) OVER clockwise AS local_hour_before,
    lag(quality) OVER clockwise AS quality_before,
    CAST(rpad('1', register_digits + 1, '0') AS DECIMAL(18, 6)) AS full_turn
  FROM judged
  WHERE fate_of_row = 'placed'
  WINDOW clockwise AS (PARTITION BY client_id, meter_id, fuel, channel ORDER BY interval_start)
),
stepped AS (
  SELECT
    *,
    unix_minutes(interval_start) - unix_minutes(start_before) AS minutes_since,
    CASE
      WHEN value_before IS NULL THEN 'first'
      WHEN unit <> unit_before THEN 'unit changed'
      WHEN exact_value >= value_before THEN 'forward'
      WHEN value_before - exact_value > full_turn * 0.5 AND value_before < full_turn THEN 'rollover'
      ELSE 'reset'
    END AS step
  FROM followed
),
measured AS (
  SELECT *, exact_micro_kwh(difference, unit, calorific_value_mj_m3, NULL) AS energy
  FROM (
    SELECT *,
      CAST(CASE step WHEN 'forward' THEN exact_value - value_before WHEN 'rollover' THEN exact_value + full_turn - value_before END AS DECIMAL(38, 13)) AS difference
    FROM stepped
  ) AS differed
),
-- An interval of the calendar, or of UTC's hours where its zone's begin elsewhere.
spanned AS (
  SELECT
    measured.*,
    CASE
      WHEN minutes_since IN (15, 30, 60) AND unix_minutes(start_before) % minutes_since = 0 THEN minutes_since
      ELSE slot.res_min
    END AS span_res_min
  FROM measured
  LEFT JOIN silver.slot AS slot
    ON slot.tz = measured.tz
    AND slot.day_start_min = measured.day_start_min
    AND slot.local_date = measured.date_before
    AND slot.start_utc = measured.start_before
    AND slot.dur_min = measured.minutes_since
    AND slot.is_elapsed
    AND (slot.res_min > 60 OR slot.res_min = slot.dur_min)
),
-- What the series itself says of its energy.
told_itself AS (
  SELECT DISTINCT energy.client_id, energy.meter_id, energy.fuel, energy.channel, energy.local_date, energy.res_min
  FROM silver.meter_interval AS energy
  JOIN (SELECT DISTINCT client_id, meter_id, fuel, channel FROM told) AS series
    ON series.client_id = energy.client_id
    AND series.meter_id = energy.meter_id
    AND series.fuel = energy.fuel
    AND series.channel = energy.channel
  WHERE NOT energy.is_register AND energy.problem IS NULL AND energy.value IS NOT NULL
),
settled AS (
  SELECT
    spanned.*,
    CASE
      WHEN step = 'first' THEN 'nonexistent'
      WHEN difference IS NULL THEN 'missing'
      WHEN energy IS NULL OR energy * 60 > max_micro_kwh_per_hour * minutes_since THEN 'rejected'
      WHEN told_itself.client_id IS NOT NULL THEN 'superseded'
      ELSE 'placed'
    END AS fate
  FROM spanned
  LEFT JOIN told_itself
    ON told_itself.client_id = spanned.client_id
    AND told_itself.meter_id = spanned.meter_id
    AND told_itself.fuel = spanned.fuel
    AND told_itself.channel = spanned.channel
    AND told_itself.local_date = spanned.date_before
    AND told_itself.res_min = spanned.span_res_min
)
SELECT
  judged.arrival,
  judged.row_number,
  judged.source,
  judged.client_id,
  judged.meter_id,
  judged.fuel,
  judged.channel,
  CASE WHEN settled.fate = 'rejected' THEN judged.local_date ELSE coalesce(settled.date_before, judged.local_date) END AS local_date,
  judged.interval_start AS read_at,
  judged.value,
  judged.unit,
  settled.step,
  CAST(settled.span_res_min AS INTEGER) AS res_min,
  judged.tz,
  judged.policy,
  judged.day_start_min,
  settled.energy AS energy_micro_kwh,
  settled.start_before AS interval_start,
  CAST(settled.minutes_since AS INTEGER) AS interval_minutes,
  settled.hour_before AS hour_start,
  settled.local_hour_before AS local_hour,
  coalesce(settled.fate, judged.fate_of_row) AS fate,
  CASE
    WHEN settled.fate = 'rejected'
      THEN 'register went further than its source allows: from ' || CAST(CAST(settled.value_before AS DECIMAL(18, 6)) AS STRING) || ' to ' || CAST(judged.value AS STRING)
    WHEN judged.fate_of_row = 'rejected' THEN coalesce(judged.reason, 'register read twice in one file, differently: ' || judged.label)
  END AS reason,
  CASE WHEN settled.quality_before = 'estimated' THEN 'estimated' ELSE judged.quality END AS quality,
  month_of(CASE WHEN settled.fate = 'rejected' THEN judged.local_date ELSE coalesce(settled.date_before, judged.local_date) END) AS month
FROM judged
LEFT JOIN settled ON settled.arrival = judged.arrival AND settled.row_number = judged.row_number
