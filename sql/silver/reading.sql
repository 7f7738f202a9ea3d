-- One row a meter, fuel, channel and interval: the energy that flowed in it, at the interval's UTC start. A day's
-- array is laid on that day's real slots, or on the real time that bears its labels, as its source's policy says;
-- what finds no place is in silver.reading_reject. res_min is 15, 30, 60, 1440 (a local day) or 43200 (a local month), and
-- NULL where a register was read at other times; interval_minutes is how long it really was. quality: measured, estimated
-- by the sender, or split over the two hours of one name.
-- key: client_id, meter_id, fuel, channel, interval_start, interval_minutes
-- increment: local_date
-- fresh: 34 hours
-- dictionary: client_id, meter_id, fuel, channel, source, quality = measured | estimated | split
WITH unplaced AS (
  SELECT arrival, row_number FROM silver.day_fate WHERE fate <> 'placed'
),
day AS (
  SELECT
    meter_day.*,
    policy <> 'variable_length' AS by_label,
    policy = 'fixed_slots_skip_sum_double' AS by_rank,
    policy = 'fixed_slots_sum_double' OR policy = 'fixed_slots_skip_sum_double' AS is_shared
  FROM silver.meter_day AS meter_day
  LEFT JOIN unplaced ON unplaced.arrival = meter_day.arrival AND unplaced.row_number = meter_day.row_number
  WHERE unplaced.arrival IS NULL
),
laid AS (
  SELECT
    day.client_id,
    day.meter_id,
    day.fuel,
    day.channel,
    slot.start_utc AS interval_start,
    slot.dur_min AS interval_minutes,
    day.local_date,
    try_element_at(day.energy_micro_kwh, CASE WHEN by_rank THEN slot.wall_rank WHEN by_label THEN slot.wall_slot ELSE slot.slot END) AS value,
    day.is_shared AND slot.wall_repeats > 1 AS is_split,
    CASE WHEN day.is_shared THEN slot.wall_minutes ELSE slot.dur_min END AS value_minutes,
    slot.wall_minutes,
    slot.wall_before,
    day.max_micro_kwh_per_hour,
    day.source,
    day.res_min,
    slot.hour_start,
    slot.local_hour,
    slot.month
  FROM day
  JOIN silver.slot AS slot
    ON slot.tz = day.tz
    AND slot.day_start_min = day.day_start_min
    AND slot.local_date = day.local_date
    AND slot.res_min = day.res_min
    AND CASE WHEN day.by_label THEN slot.is_wall ELSE slot.is_elapsed END
),
placed AS (
  SELECT
    client_id, meter_id, fuel, channel, interval_start, interval_minutes, local_date,
    CASE WHEN is_split THEN share_of(value, wall_minutes, wall_before, interval_minutes) ELSE value END AS energy_micro_kwh,
    is_split, 'measured' AS quality, source, res_min, hour_start, local_hour, month
  FROM laid
  WHERE value >= 0 AND (max_micro_kwh_per_hour IS NULL OR value * 60 <= max_micro_kwh_per_hour * value_minutes)
  UNION ALL
  SELECT
    fate.client_id, fate.meter_id, fate.fuel, fate.channel, fate.interval_start, fate.interval_minutes, fate.local_date,
    fate.energy_micro_kwh, false AS is_split, fate.quality, fate.source, fate.res_min,
    CASE WHEN fate.res_min < 60 THEN fate.hour_start ELSE fate.interval_start END AS hour_start,
    fate.local_hour, fate.month
  FROM silver.interval_fate AS fate
  WHERE fate.fate = 'placed' AND (fate.slot IS NULL OR fate.policy NOT LIKE 'fixed_slots_%')
  UNION ALL
  SELECT
    fate.client_id, fate.meter_id, fate.fuel, fate.channel, slot.start_utc, slot.dur_min, fate.local_date,
    CASE WHEN fate.policy = 'fixed_slots_repeat' OR slot.wall_repeats = 1 THEN fate.energy_micro_kwh
      ELSE share_of(fate.energy_micro_kwh, slot.wall_minutes, slot.wall_before, slot.dur_min) END AS energy_micro_kwh,
    fate.policy <> 'fixed_slots_repeat' AND slot.wall_repeats > 1 AS is_split,
    fate.quality, fate.source, fate.res_min, slot.hour_start, slot.local_hour, slot.month
  FROM silver.interval_fate AS fate
  JOIN silver.slot AS slot
    ON slot.tz = fate.tz
    AND slot.day_start_min = fate.day_start_min
    AND slot.local_date = fate.local_date
    AND slot.res_min = fate.res_min
    AND slot.wall_slot = fate.slot
  WHERE fate.fate = 'placed' AND fate.policy LIKE 'fixed_slots_%' AND fate.end_min IS NULL
  UNION ALL
  SELECT
    fate.client_id, fate.meter_id, fate.fuel, fate.channel, piece.start_utc, piece.dur_min, fate.local_date,
    CASE WHEN fate.policy = 'fixed_slots_repeat' OR piece.end_repeats = 1 THEN fate.energy_micro_kwh
      ELSE share_of(fate.energy_micro_kwh, piece.end_minutes, piece.end_before, piece.dur_min) END AS energy_micro_kwh,
    fate.policy <> 'fixed_slots_repeat' AND piece.end_repeats > 1 AS is_split,
    fate.quality, fate.source, fate.res_min, piece.hour_start, piece.local_hour, fate.month
  FROM silver.interval_fate AS fate
  JOIN silver.slot AS piece
    ON piece.tz = fate.tz
    AND piece.day_start_min = fate.day_start_min
    AND piece.local_date = fate.local_date
    AND piece.res_min = fate.res_min
    AND piece.end_min = fate.end_min
    AND piece.is_wall
  WHERE fate.fate = 'placed' AND fate.policy LIKE 'fixed_slots_%'
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  interval_start,
  interval_minutes,
  local_date,
  kwh(energy_micro_kwh) AS energy_kwh,
  CASE WHEN is_split THEN 'split' ELSE quality END AS quality,
  source,
  res_min,
  hour_start,
  local_hour,
  month
FROM placed
