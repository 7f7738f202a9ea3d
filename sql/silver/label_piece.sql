-- The pieces of real time that a label names, up to an hour, a day or a month each: by the time at which they begin (a label is in
-- minutes since its day began, and names all that lies within its resolution), or by the time at which they end (is_end), of which
-- only those within a day of a shift of the clock are here: any other is the start's label plus the interval. Of the pieces of one
-- label this row is the label_turn-th of label_pieces, after minutes_before of the label's label_minutes.
-- key: tz, day_start_min, local_date, res_min, is_end, label_min, label_turn
-- stored: no
SELECT
  tz,
  day_start_min,
  local_date,
  res_min,
  false AS is_end,
  CAST((wall_slot - 1) * res_min AS INTEGER) AS label_min,
  wall_repeat AS label_turn,
  wall_repeats AS label_pieces,
  wall_minutes AS label_minutes,
  wall_before AS minutes_before,
  start_utc,
  dur_min,
  hour_start,
  local_hour
FROM silver.slot
WHERE is_wall
UNION ALL
SELECT
  tz,
  day_start_min,
  local_date,
  res_min,
  true,
  end_min,
  CAST(row_number() OVER in_order AS INTEGER),
  CAST(count(*) OVER same_label AS INTEGER),
  CAST(sum(dur_min) OVER same_label AS INTEGER),
  CAST(sum(dur_min) OVER in_order - dur_min AS INTEGER),
  start_utc,
  dur_min,
  hour_start,
  local_hour
FROM silver.slot
WHERE is_wall AND end_min IS NOT NULL
WINDOW same_label AS (PARTITION BY tz, day_start_min, local_date, res_min, end_min),
  in_order AS (PARTITION BY tz, day_start_min, local_date, res_min, end_min ORDER BY start_utc)
