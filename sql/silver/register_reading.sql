-- Every reading of a register, and the energy since the reading before it. The energy is placed in the time between the two readings.
-- step says how the register came to what it shows: forward, rollover (past its last digit: known only where its digits
-- are), exchange (as a rollover, but further than the meter could have come in that time), reset (below what it showed, and neither),
-- unit changed, or first; and taken back, where the reading before and the one after agree without it: a zero or a dip from which the register
-- comes back to at least what it showed before, or a leap that it goes back from. A reading taken back is rejected, and the energy is
-- that between its neighbours. Before the first there was no interval (nonexistent); of an exchange, a reset and a changed unit the energy
-- is missing. A register that didn't come further than halfway round has rolled over rather than been set back.
-- How far a rollover may go is max_rollover_kwh_per_hour of its source; where it says nothing, what its digits last for: meters
-- are built to count at least 1500 hours of full load before they begin anew.
-- Of several readings at one moment the newest arrival counts; two in
-- one file that differ are both rejected. Where a series has values of energy itself, at that resolution on that date, the
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
numbered AS (
  SELECT
    *,
    row_number() OVER clockwise AS place,
    lag(unit) OVER clockwise AS unit_before,
    lag(exact_value) OVER clockwise AS value_before,
    lag(exact_value, 2) OVER clockwise AS value_two_before,
    lag(unit, 2) OVER clockwise AS unit_two_before,
    CAST(rpad('1', register_digits + 1, '0') AS DECIMAL(18, 6)) AS full_turn
  FROM judged
  WHERE fate_of_row = 'placed'
  WINDOW clockwise AS (PARTITION BY client_id, meter_id, fuel, channel ORDER BY interval_start)
),
fall AS (
  SELECT client_id, meter_id, fuel, channel, unit, place, exact_value, value_before, quotient(place, 100) AS hundred,
    unit = unit_two_before AND exact_value >= value_two_before AND exact_value > 0
      AND value_before - exact_value > 10 * (exact_value - value_two_before)
      AND NOT coalesce(value_before - exact_value > full_turn * 0.5, false) AS is_after_leap
  FROM numbered
  WHERE exact_value < value_before AND unit = unit_before
),
-- The place at which the register is back, if that is among its next hundred readings.
comeback AS (
  SELECT fall.client_id, fall.meter_id, fall.fuel, fall.channel, fall.place, fall.value_before, min(later.place) AS place_back
  FROM fall
  JOIN numbered AS later
    ON later.client_id = fall.client_id
    AND later.meter_id = fall.meter_id
    AND later.fuel = fall.fuel
    AND later.channel = fall.channel
    AND quotient(later.place, 100) BETWEEN fall.hundred AND fall.hundred + 1
    AND later.place > fall.place
    AND later.unit = fall.unit
    AND later.exact_value >= fall.value_before
  GROUP BY fall.client_id, fall.meter_id, fall.fuel, fall.channel, fall.place, fall.value_before
),
-- A register that goes on meanwhile was set back, or another meter took its place: only one that stands still is a dip.
dip AS (
  SELECT comeback.client_id, comeback.meter_id, comeback.fuel, comeback.channel, comeback.place, comeback.place_back
  FROM comeback
  JOIN numbered AS meanwhile
    ON meanwhile.client_id = comeback.client_id
    AND meanwhile.meter_id = comeback.meter_id
    AND meanwhile.fuel = comeback.fuel
    AND meanwhile.channel = comeback.channel
    AND meanwhile.place >= comeback.place
    AND meanwhile.place < comeback.place_back
  GROUP BY comeback.client_id, comeback.meter_id, comeback.fuel, comeback.channel, comeback.place, comeback.place_back, comeback.value_before
  HAVING 10 * (max(meanwhile.exact_value) - min(meanwhile.exact_value)) <= comeback.value_before - min(meanwhile.exact_value)
),
taken_back AS (
  SELECT DISTINCT numbered.arrival, numbered.row_number
  FROM numbered
  JOIN dip
    ON dip.client_id = numbered.client_id
    AND dip.meter_id = numbered.meter_id
    AND dip.fuel = numbered.fuel
    AND dip.channel = numbered.channel
    AND numbered.place >= dip.place
    AND numbered.place < dip.place_back
  UNION
  SELECT numbered.arrival, numbered.row_number
  FROM numbered
  JOIN fall
    ON fall.client_id = numbered.client_id
    AND fall.meter_id = numbered.meter_id
    AND fall.fuel = numbered.fuel
    AND fall.channel = numbered.channel
    AND numbered.place = fall.place - 1
  LEFT JOIN dip
    ON dip.client_id = fall.client_id
    AND dip.meter_id = fall.meter_id
    AND dip.fuel = fall.fuel
    AND dip.channel = fall.channel
    AND dip.place = fall.place
  WHERE fall.is_after_leap AND dip.client_id IS NULL
),
followed AS (
  SELECT
    counted.*,
    lag(value_shown) OVER clockwise AS value_last,
    lag(unit) OVER clockwise AS unit_last,
    lag(interval_start) OVER clockwise AS start_before,
    lag(local_date) OVER clockwise AS date_before,
    lag(hour_start) OVER clockwise AS hour_before,
    lag(local_hour) OVER clockwise AS local_hour_before,
    lag(quality) OVER clockwise AS quality_before
  FROM (
    SELECT numbered.arrival, numbered.row_number, numbered.source, numbered.client_id, numbered.meter_id, numbered.fuel, numbered.channel,
      numbered.interval_start, numbered.local_date, numbered.hour_start, numbered.local_hour, numbered.quality, numbered.unit,
      numbered.exact_value AS value_shown, numbered.full_turn, numbered.calorific_value_mj_m3, numbered.max_micro_kwh_per_hour,
      numbered.tz, numbered.day_start_min
    FROM numbered
    LEFT JOIN taken_back ON taken_back.arrival = numbered.arrival AND taken_back.row_number = numbered.row_number
    WHERE taken_back.arrival IS NULL
  ) AS counted
  WINDOW clockwise AS (PARTITION BY client_id, meter_id, fuel, channel ORDER BY interval_start)
),
stepped AS (
  SELECT
    *,
    unix_minutes(interval_start) - unix_minutes(start_before) AS minutes_since,
    CASE
      WHEN value_last IS NULL THEN 'first'
      WHEN unit <> unit_last THEN 'unit changed'
      WHEN value_shown >= value_last THEN 'forward'
      WHEN value_last - value_shown > full_turn * 0.5 AND value_last < full_turn THEN 'rollover'
      ELSE 'reset'
    END AS step_seen
  FROM followed
),
measured AS (
  SELECT *, exact_micro_kwh(difference, unit, calorific_value_mj_m3, NULL) AS energy_seen
  FROM (
    SELECT *,
      CAST(CASE step_seen WHEN 'forward' THEN value_shown - value_last WHEN 'rollover' THEN value_shown + full_turn - value_last END AS DECIMAL(38, 13)) AS difference
    FROM stepped
  ) AS differed
),
limited AS (
  SELECT
    measured.*,
    CASE
      WHEN step_seen <> 'rollover' THEN step_seen
      WHEN setting.max_rollover_kwh_per_hour IS NULL AND difference * 90000 <= full_turn * minutes_since THEN 'rollover'
      WHEN energy_seen * 60 <= micro_kwh(setting.max_rollover_kwh_per_hour) * minutes_since THEN 'rollover'
      ELSE 'exchange'
    END AS step
  FROM measured
  JOIN bronze.source AS setting ON setting.source = measured.source
),
-- An interval of the calendar, or of UTC's hours where its zone's begin elsewhere.
spanned AS (
  SELECT
    limited.*,
    CASE WHEN step <> 'exchange' THEN energy_seen END AS energy,
    CASE
      WHEN minutes_since IN (15, 30, 60) AND unix_minutes(start_before) % minutes_since = 0 THEN minutes_since
      ELSE slot.res_min
    END AS span_res_min
  FROM limited
  LEFT JOIN silver.slot AS slot
    ON slot.tz = limited.tz
    AND slot.day_start_min = limited.day_start_min
    AND slot.local_date = limited.date_before
    AND slot.start_utc = limited.start_before
    AND slot.dur_min = limited.minutes_since
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
      WHEN difference IS NULL OR step = 'exchange' THEN 'missing'
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
  CASE WHEN taken_back.arrival IS NOT NULL THEN 'taken back' ELSE settled.step END AS step,
  CAST(settled.value_last AS DECIMAL(18, 6)) AS value_before,
  CAST(settled.span_res_min AS INTEGER) AS res_min,
  judged.tz,
  judged.policy,
  judged.day_start_min,
  settled.energy AS energy_micro_kwh,
  settled.start_before AS interval_start,
  CAST(settled.minutes_since AS INTEGER) AS interval_minutes,
  settled.hour_before AS hour_start,
  settled.local_hour_before AS local_hour,
  CASE WHEN taken_back.arrival IS NOT NULL THEN 'rejected' ELSE coalesce(settled.fate, judged.fate_of_row) END AS fate,
  CASE
    WHEN taken_back.arrival IS NOT NULL THEN 'register reading that the ones before and after take back: ' || CAST(judged.value AS STRING)
    WHEN settled.fate = 'rejected'
      THEN 'register went further than its source allows: from ' || CAST(CAST(settled.value_last AS DECIMAL(18, 6)) AS STRING) || ' to ' || CAST(judged.value AS STRING)
    WHEN judged.fate_of_row = 'rejected' THEN coalesce(judged.reason, 'register read twice in one file, differently: ' || judged.label)
  END AS reason,
  CASE WHEN settled.quality_before = 'estimated' THEN 'estimated' ELSE judged.quality END AS quality,
  month_of(CASE WHEN settled.fate = 'rejected' THEN judged.local_date ELSE coalesce(settled.date_before, judged.local_date) END) AS month
FROM judged
LEFT JOIN settled ON settled.arrival = judged.arrival AND settled.row_number = judged.row_number
LEFT JOIN taken_back ON taken_back.arrival = judged.arrival AND taken_back.row_number = judged.row_number
