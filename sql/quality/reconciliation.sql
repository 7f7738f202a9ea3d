-- Every arrived value and its energy, accounted for, per source and local day:
--   values_in = placed_values + nonexistent + missing + rejected + superseded
--   energy_in_kwh = energy_placed_kwh + energy_rejected_kwh + energy_superseded_kwh
-- What came in is counted in the arrays and rows that arrived, what was placed in silver.reading itself. A doubled
-- hour under fixed_slots_repeat counts its energy in as often as it stands for. Values of days that hold one out of
-- range count; their energy, which no column could hold, does not, on either side. Days without a usable date stand on 1969-12-31.
-- key: source, local_date
-- increment: local_date
WITH unplaced AS (
  SELECT arrival, row_number, fate FROM silver.day_fate WHERE fate <> 'placed'
),
day AS (
  SELECT day.*, coalesce(unplaced.fate, 'placed') AS fate
  FROM (
    SELECT source, local_date, month, arrival, row_number, value_count, present_count, total_micro_kwh FROM silver.meter_day
  ) AS day
  LEFT JOIN unplaced ON unplaced.arrival = day.arrival AND unplaced.row_number = day.row_number
),
-- The few days whose clock shifts: only there do an array's values and its intervals differ in number.
shifted AS (
  SELECT day.source, day.local_date, day.month, day.tz, day.day_start_min, day.res_min, day.policy, day.energy_micro_kwh, day.max_micro_kwh_per_hour
  FROM silver.day_length AS length
  JOIN silver.meter_day AS day
    ON day.tz = length.tz
    AND day.day_start_min = length.day_start_min
    AND day.local_date = length.local_date
    AND day.res_min = length.res_min
  LEFT JOIN unplaced ON unplaced.arrival = day.arrival AND unplaced.row_number = day.row_number
  WHERE unplaced.arrival IS NULL
    AND (length.n_labels < length.n_nominal OR length.most_repeats > 1)
    AND day.policy IN ('fixed_slots_sum_double', 'fixed_slots_repeat')
),
absent AS (
  SELECT shifted.source, shifted.local_date, shifted.month, try_element_at(shifted.energy_micro_kwh, label.wall_slot) AS value
  FROM shifted
  JOIN silver.absent_label AS label
    ON label.tz = shifted.tz
    AND label.day_start_min = shifted.day_start_min
    AND label.local_date = shifted.local_date
    AND label.res_min = shifted.res_min
),
again AS (
  SELECT tz, day_start_min, local_date, res_min, wall_slot, start_utc, dur_min FROM silver.slot WHERE wall_repeat > 1
),
repeated_day AS (
  SELECT shifted.source, shifted.local_date, shifted.month, try_element_at(shifted.energy_micro_kwh, again.wall_slot) AS value
  FROM shifted
  JOIN again
    ON again.tz = shifted.tz
    AND again.day_start_min = shifted.day_start_min
    AND again.local_date = shifted.local_date
    AND again.res_min = shifted.res_min
  WHERE shifted.policy = 'fixed_slots_repeat'
    AND try_element_at(shifted.energy_micro_kwh, again.wall_slot) >= 0
    AND (shifted.max_micro_kwh_per_hour IS NULL
      OR try_element_at(shifted.energy_micro_kwh, again.wall_slot) * 60 <= shifted.max_micro_kwh_per_hour * again.dur_min)
),
-- The pieces of labels that name an end: which of them are a label's second differs from labels that name a start.
end_piece AS (
  SELECT fate.source, fate.client_id, fate.meter_id, fate.fuel, fate.channel, fate.local_date, fate.month, fate.policy, fate.energy_micro_kwh,
    piece.start_utc, piece.end_repeat AS label_turn, CASE WHEN fate.policy = 'fixed_slots_repeat' THEN fate.quality ELSE 'split' END AS quality
  FROM silver.interval_fate AS fate
  JOIN silver.slot AS piece
    ON piece.tz = fate.tz
    AND piece.day_start_min = fate.day_start_min
    AND piece.local_date = fate.local_date
    AND piece.res_min = fate.res_min
    AND piece.end_min = fate.end_min
    AND piece.is_wall
  WHERE fate.fate = 'placed' AND fate.policy LIKE 'fixed_slots_%' AND fate.end_min IS NOT NULL
),
repeated_label AS (
  SELECT fate.source, fate.local_date, fate.month, fate.energy_micro_kwh AS value
  FROM silver.interval_fate AS fate
  JOIN again
    ON again.tz = fate.tz
    AND again.day_start_min = fate.day_start_min
    AND again.local_date = fate.local_date
    AND again.res_min = fate.res_min
    AND again.wall_slot = fate.slot
  WHERE fate.policy = 'fixed_slots_repeat' AND fate.fate = 'placed' AND fate.end_min IS NULL
  UNION ALL
  SELECT source, local_date, month, energy_micro_kwh
  FROM end_piece
  WHERE policy = 'fixed_slots_repeat' AND label_turn > 1
),
-- Of a value over several readings, those after the first.
further AS (
  SELECT reading.source, reading.local_date, reading.month, reading.quality
  FROM silver.reading AS reading
  JOIN (
    SELECT source.source, again.local_date, again.res_min, again.start_utc
    FROM bronze.source AS source
    JOIN again ON again.tz = source.tz AND again.day_start_min = source.day_start_min
    WHERE source.policy LIKE 'fixed_slots_%'
  ) AS again
    ON again.source = reading.source
    AND again.local_date = reading.local_date
    AND again.res_min = reading.res_min
    AND again.start_utc = reading.interval_start
  LEFT JOIN end_piece
    ON end_piece.source = reading.source
    AND end_piece.client_id = reading.client_id
    AND end_piece.meter_id = reading.meter_id
    AND end_piece.fuel = reading.fuel
    AND end_piece.channel = reading.channel
    AND end_piece.start_utc = reading.interval_start
  WHERE end_piece.source IS NULL
  UNION ALL
  SELECT source, local_date, month, quality
  FROM end_piece
  WHERE label_turn > 1
),
entry AS (
  SELECT source, local_date, month,
    sum(value_count) AS values_in,
    0 AS placed_values, 0 AS readings, 0 AS split_values, 0 AS nonexistent,
    sum(CASE WHEN fate = 'placed' THEN value_count - present_count ELSE 0 END) AS missing,
    0 AS rejected,
    sum(CASE WHEN fate = 'superseded' THEN value_count ELSE 0 END) AS superseded,
    sum(CAST(coalesce(total_micro_kwh, 0) AS DECIMAL(19, 0))) AS micro_in,
    CAST(0 AS DECIMAL(38, 6)) AS placed_kwh,
    CAST(0 AS DECIMAL(38, 6)) AS rejected_kwh,
    sum(CAST(CASE WHEN fate = 'superseded' THEN coalesce(total_micro_kwh, 0) ELSE 0 END AS DECIMAL(19, 0))) AS micro_superseded
  FROM day
  GROUP BY source, local_date, month
  UNION ALL
  SELECT source, local_date, month,
    0, 0, 0, 0, sum(CASE WHEN coalesce(value, 0) = 0 THEN 1 ELSE 0 END), -sum(CASE WHEN value IS NULL THEN 1 ELSE 0 END), 0, 0, 0, 0, 0, 0
  FROM absent
  GROUP BY source, local_date, month
  UNION ALL
  SELECT source, local_date, month, 0, 0, 0, 0, 0, 0, 0, 0, sum(CAST(value AS DECIMAL(19, 0))), 0, 0, 0
  FROM repeated_day
  GROUP BY source, local_date, month
  UNION ALL
  SELECT source, local_date, month, 0, 0, 0, 0, 0, 0, 0, 0, sum(CAST(value AS DECIMAL(19, 0))), 0, 0, 0
  FROM repeated_label
  GROUP BY source, local_date, month
  UNION ALL
  SELECT source, local_date, month,
    count(*), 0, 0, 0,
    sum(CASE WHEN fate = 'nonexistent' THEN 1 ELSE 0 END),
    sum(CASE WHEN fate = 'missing' THEN 1 ELSE 0 END),
    0,
    sum(CASE WHEN fate = 'superseded' THEN 1 ELSE 0 END),
    sum(CAST(coalesce(energy_micro_kwh, 0) AS DECIMAL(19, 0))), 0, 0,
    sum(CAST(CASE WHEN fate = 'superseded' THEN coalesce(energy_micro_kwh, 0) ELSE 0 END AS DECIMAL(19, 0)))
  FROM silver.interval_fate
  GROUP BY source, local_date, month
  UNION ALL
  SELECT source, local_date, month,
    0, count(*), count(*), sum(CASE WHEN quality = 'split' THEN 1 ELSE 0 END), 0, 0, 0, 0, 0, sum(energy_kwh), 0, 0
  FROM silver.reading
  GROUP BY source, local_date, month
  UNION ALL
  SELECT source, local_date, month,
    0, -count(*), 0, -sum(CASE WHEN quality = 'split' THEN 1 ELSE 0 END), 0, 0, 0, 0, 0, 0, 0, 0
  FROM further
  GROUP BY source, local_date, month
  UNION ALL
  SELECT source, local_date, month, 0, 0, 0, 0, 0, 0, sum(coalesce(value_count, 0)), 0, 0, 0, sum(coalesce(energy_kwh, 0)), 0
  FROM silver.reading_reject
  GROUP BY source, local_date, month
)
SELECT
  source,
  local_date,
  CAST(coalesce(sum(values_in), 0) AS BIGINT) AS values_in,
  CAST(sum(placed_values) AS BIGINT) AS placed_values,
  CAST(sum(readings) AS BIGINT) AS readings,
  CAST(sum(split_values) AS BIGINT) AS split_values,
  CAST(sum(nonexistent) AS BIGINT) AS nonexistent,
  CAST(coalesce(sum(missing), 0) AS BIGINT) AS missing,
  CAST(sum(rejected) AS BIGINT) AS rejected,
  CAST(coalesce(sum(superseded), 0) AS BIGINT) AS superseded,
  kwh_total(sum(micro_in)) AS energy_in_kwh,
  CAST(sum(placed_kwh) AS DECIMAL(38, 6)) AS energy_placed_kwh,
  CAST(sum(rejected_kwh) AS DECIMAL(38, 6)) AS energy_rejected_kwh,
  kwh_total(sum(micro_superseded)) AS energy_superseded_kwh,
  month
FROM entry
GROUP BY source, local_date, month
