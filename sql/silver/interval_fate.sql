-- What became of each labelled value: placed at its interval, missing (no value for an interval that was), nonexistent
-- (nothing, for one that never was), superseded by a newer arrival of the same interval, or rejected, and why. The same interval twice in one file
-- collapses to its first row when the two are equal; when they differ both are rejected and supersede nothing.
-- key: arrival, row_number
-- partition: month
-- increment: local_date
WITH turned AS (
  SELECT *, CAST(CASE WHEN policy = 'label_3a_3b' THEN coalesce(turn, 1) ELSE 1 END AS BIGINT) AS nth
  FROM silver.meter_interval
  WHERE policy <> 'label_in_order'
  UNION ALL
  -- A label that comes twice means the first time and then the second, in the order of the file.
  SELECT *,
    row_number() OVER (PARTITION BY arrival, client_id, meter_id, fuel, channel, res_min, local_date, label_min ORDER BY row_number) AS nth
  FROM silver.meter_interval
  WHERE policy = 'label_in_order'
),
first_bearing AS (
  SELECT tz, day_start_min, local_date, res_min, wall_slot, wall_repeats FROM silver.slot WHERE is_wall AND wall_repeat = 1
),
-- What a row names, as one number: the place of its label, the number of its slot, or the minute of its instant. An
-- instant needs no slot of its own resolution (UTC's hours begin at :45 in Kathmandu): its quarter tells its hour.
named AS (
  SELECT
    turned.*,
    first_bearing.wall_repeats AS repeats,
    CASE WHEN instant IS NOT NULL THEN 15 ELSE turned.res_min END AS mark_res_min,
    CASE WHEN instant IS NOT NULL THEN 'instant' WHEN slot IS NOT NULL THEN 'slot' ELSE 'label' END AS mark,
    CASE
      WHEN instant IS NOT NULL THEN unix_minutes(instant)
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
  WHERE is_elapsed AND res_min = 15
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
    value IS NOT NULL AND value <> 0 AS is_something,
    CASE
      WHEN policy = 'fixed_slots_sum_double' OR policy = 'fixed_slots_skip_sum_double' THEN wall_minutes
      WHEN instant IS NOT NULL THEN res_min
      ELSE dur_min
    END AS minutes,
    CASE
      WHEN problem IS NOT NULL THEN problem
      WHEN is_untrue THEN 'label that never happened in ' || tz || ': ' || label
      WHEN NOT is_on_grid OR label_min % res_min <> 0
        THEN 'label not on the ' || CAST(res_min AS STRING) || '-minute grid: ' || label
      WHEN policy = 'label_3a_3b' AND repeats > 1 AND turn IS NULL THEN 'label happened twice: ' || label
      WHEN policy = 'label_3a_3b' AND repeats = 1 AND turn IS NOT NULL THEN 'label that never happened in ' || tz || ': ' || label
      WHEN policy = 'label_in_order' AND repeats > 1 AND nth > repeats THEN 'label came more often than it happened: ' || label
      WHEN NOT is_met AND policy LIKE 'fixed_slots_%' AND value IS NOT NULL AND value <> 0
        THEN 'energy in an hour that does not exist in ' || tz || ': ' || label
      WHEN NOT is_met AND policy NOT LIKE 'fixed_slots_%' THEN 'label that never happened in ' || tz || ': ' || label
      WHEN value IS NOT NULL AND energy_micro_kwh IS NULL THEN 'value out of range'
    END AS label_reason
  FROM met
),
valued AS (
  SELECT
    *,
    CASE
      WHEN label_reason IS NOT NULL THEN label_reason
      WHEN energy_micro_kwh < 0 THEN 'negative value: ' || CAST(value AS STRING)
      WHEN energy_micro_kwh * 60 > max_micro_kwh_per_hour * minutes THEN 'value above what its source allows: ' || CAST(value AS STRING)
    END AS reason
  FROM judged
),
-- Intervals that came more than once are rare: only theirs are compared.
repeated AS (
  SELECT client_id, meter_id, fuel, channel, local_date, start_utc, res_min
  FROM valued
  WHERE reason IS NULL AND is_met
  GROUP BY client_id, meter_id, fuel, channel, local_date, start_utc, res_min
  HAVING count(*) > 1
),
version AS (
  SELECT valued.client_id, valued.meter_id, valued.fuel, valued.channel, valued.local_date, valued.start_utc, valued.res_min,
    valued.arrival, valued.row_number, coalesce(valued.energy_micro_kwh, -1) AS energy
  FROM repeated
  JOIN valued
    ON valued.client_id = repeated.client_id
    AND valued.meter_id = repeated.meter_id
    AND valued.fuel = repeated.fuel
    AND valued.channel = repeated.channel
    AND valued.local_date = repeated.local_date
    AND valued.start_utc = repeated.start_utc
    AND valued.res_min = repeated.res_min
    AND valued.reason IS NULL
),
told AS (
  SELECT client_id, meter_id, fuel, channel, local_date, start_utc, res_min, arrival,
    min(energy) <> max(energy) AS is_contradictory, min(row_number) AS first_row
  FROM version
  GROUP BY client_id, meter_id, fuel, channel, local_date, start_utc, res_min, arrival
),
newest AS (
  SELECT client_id, meter_id, fuel, channel, local_date, start_utc, res_min, max(arrival) AS arrival
  FROM told
  WHERE NOT is_contradictory
  GROUP BY client_id, meter_id, fuel, channel, local_date, start_utc, res_min
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
    AND told.start_utc = version.start_utc
    AND told.res_min = version.res_min
    AND told.arrival = version.arrival
  LEFT JOIN newest
    ON newest.client_id = version.client_id
    AND newest.meter_id = version.meter_id
    AND newest.fuel = version.fuel
    AND newest.channel = version.channel
    AND newest.local_date = version.local_date
    AND newest.start_utc = version.start_utc
    AND newest.res_min = version.res_min
)
SELECT
  valued.arrival,
  valued.row_number,
  valued.source,
  valued.client_id,
  valued.meter_id,
  valued.fuel,
  valued.channel,
  valued.local_date,
  valued.res_min,
  valued.tz,
  valued.policy,
  valued.day_start_min,
  CAST(CASE WHEN valued.instant IS NULL THEN valued.number END AS INTEGER) AS slot,
  valued.energy_micro_kwh,
  valued.start_utc AS interval_start,
  CAST(valued.minutes AS INTEGER) AS interval_minutes,
  valued.hour_start,
  valued.local_hour,
  CASE
    WHEN valued.reason IS NOT NULL OR settled.fate = 'rejected' THEN 'rejected'
    WHEN settled.fate = 'superseded' THEN 'superseded'
    WHEN NOT valued.is_met THEN 'nonexistent'
    WHEN valued.value IS NULL THEN 'missing'
    ELSE 'placed'
  END AS fate,
  CASE WHEN settled.fate = 'rejected' THEN 'interval told twice in one file, differently: ' || valued.label ELSE valued.reason END AS reason,
  valued.month
FROM valued
LEFT JOIN settled ON settled.arrival = valued.arrival AND settled.row_number = valued.row_number
