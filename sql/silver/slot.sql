-- Every interval of every local day of a zone, at 15, 30 and 60 minutes, and the day (res_min 1440) and the month (43200, on its
-- first date) as intervals of their own, however long they are. The day's are numbered twice: by real time since the day
-- began (slot), and by the label that the clock on the wall gives it (wall_slot). They differ where a shift of the
-- clock is no multiple of the resolution; such an interval has a row for each numbering, any other serves both.
-- A label's energy belongs to all the real time that bears it: wall_minutes in wall_repeats runs, of which this row
-- is the wall_repeat-th, after wall_before minutes. local_date is the source's own day: it begins day_start_min minutes after
-- midnight, and labels count from there. end_min is the clock's time at the instant at which an interval of at most an hour ends,
-- in minutes since its local_date began: 1440 at a midnight, more where the clock then skips. It is NULL more than a day away from
-- a shift of the clock, where it is the next label. Of the end_repeats intervals with a label's end_min, which last end_minutes
-- together, this row is the end_repeat-th, after end_before minutes.
-- key: tz, day_start_min, res_min, start_utc, dur_min
-- increment: year
-- portable: no
WITH grid AS (
  -- Only UTC to local is ever asked, which has one answer: a local midnight may have none, or two.
  -- The clock is read in a quarter's last minute: zones that shift at 00:01 then still have whole days.
  SELECT
    tz,
    day_start_min,
    year,
    quarter,
    timezone(tz, make_timestamptz((quarter * 15 + 14) * 60000000)) - to_minutes(14 + day_start_min) AS clock
  FROM (
    SELECT tz, day_start_min, year,
      unnest(range((make_date(year, 1, 1) - DATE '1970-01-03') * 96, (make_date(year + 1, 1, 1) - DATE '1969-12-30') * 96)) AS quarter
    FROM silver.calendar_year
  )
),
labelled AS (
  SELECT
    tz,
    day_start_min,
    year,
    CAST(clock AS DATE) AS local_date,
    quarter,
    CAST(hour(clock) * 60 + minute(clock) // 15 * 15 AS INTEGER) AS label_min
  FROM grid
  WHERE year(clock) = year
),
length AS (
  SELECT tz, day_start_min, year, local_date, count(*) AS quarters, min(quarter) AS first_quarter,
    local_minutes((local_date - DATE '1970-01-02') * 1440 + day_start_min, tz) + 4320
      <> local_minutes((local_date - DATE '1969-12-30') * 1440 + day_start_min, tz) AS is_near_shift,
    count(*) = 96 AND min(quarter * 15 - label_min) = max(quarter * 15 - label_min) AS is_ordinary
  FROM labelled
  GROUP BY tz, day_start_min, year, local_date
),
resolution AS (
  SELECT res_min, res_min // 15 AS width FROM (VALUES (15), (30), (60)) AS resolution(res_min)
),
-- On most days the clock runs straight through its labels, and both numberings are one.
ordinary AS (
  SELECT tz, day_start_min, year, local_date, res_min, width, first_quarter, is_near_shift, unnest(range(0, 96, width)) AS place
  FROM length, resolution
  WHERE is_ordinary
),
day AS (
  SELECT
    labelled.*,
    row_number() OVER (PARTITION BY tz, day_start_min, local_date ORDER BY quarter) - 1 AS place,
    quarters
  FROM labelled
  JOIN length USING (tz, day_start_min, year, local_date)
  WHERE NOT is_ordinary
),
timed AS (
  SELECT day.*, res_min, width, label_min // res_min + 1 AS wall_slot
  FROM day, resolution
),
elapsed AS (
  SELECT tz, day_start_min, year, local_date, res_min, place // width + 1 AS slot,
    quarter AS first_quarter, least(width, quarters - place) AS length
  FROM timed
  WHERE place % width = 0
),
-- A run is real time on end that bears one label. Whole multiples of the resolution are cut, others stay one piece.
turned AS (
  SELECT *, coalesce(wall_slot <> lag(wall_slot) OVER clockwise, true) AS is_turn
  FROM timed
  WINDOW clockwise AS (PARTITION BY tz, day_start_min, local_date, res_min ORDER BY quarter)
),
run AS (
  SELECT *, sum(CAST(is_turn AS INTEGER)) OVER (PARTITION BY tz, day_start_min, local_date, res_min ORDER BY quarter) AS run
  FROM turned
),
cut AS (
  SELECT *,
    CASE WHEN count(*) OVER whole % width = 0 THEN (row_number() OVER (whole ORDER BY quarter) - 1) // width ELSE 0 END AS piece
  FROM run
  WINDOW whole AS (PARTITION BY tz, day_start_min, local_date, res_min, run)
),
segment AS (
  SELECT tz, day_start_min, year, local_date, res_min, wall_slot, min(quarter) AS first_quarter, count(*) AS length
  FROM cut
  GROUP BY tz, day_start_min, year, local_date, res_min, wall_slot, run, piece
),
wall AS (
  SELECT
    *,
    dense_rank() OVER (PARTITION BY tz, day_start_min, local_date, res_min ORDER BY wall_slot) AS wall_rank,
    count(*) OVER label AS wall_repeats,
    row_number() OVER (label ORDER BY first_quarter) AS wall_repeat,
    15 * sum(length) OVER label AS wall_minutes,
    15 * (sum(length) OVER (label ORDER BY first_quarter) - length) AS wall_before
  FROM segment
  WINDOW label AS (PARTITION BY tz, day_start_min, local_date, res_min, wall_slot)
),
numbered AS (
  SELECT *, slot IS NOT NULL AS is_elapsed, wall_slot IS NOT NULL AS is_wall
  FROM elapsed
  FULL JOIN wall USING (tz, day_start_min, year, local_date, res_min, first_quarter, length)
),
-- The hour of a quarter is the 60-minute slot that holds it, named by the clock when it began.
hour AS (
  SELECT tz, day_start_min, quarter, quarter - place % 4 AS hour_quarter, quarters,
    (first_value(label_min) OVER (PARTITION BY tz, day_start_min, local_date, place // 4 ORDER BY quarter) + day_start_min) % 1440 // 60 AS local_hour
  FROM day
),
slot AS (
  SELECT tz, day_start_min, year, local_date, res_min, slot, hour.quarters, wall_slot, wall_rank, wall_repeats, wall_repeat,
    wall_minutes, wall_before, first_quarter, length, is_elapsed, is_wall, hour.hour_quarter,
    -- A label of an hour is itself the local hour; only where it is no slot of real time do the two differ.
    CASE WHEN res_min = 60 AND is_wall THEN ((wall_slot - 1) * 60 + day_start_min) % 1440 // 60 ELSE hour.local_hour END AS local_hour,
    epoch_us(timezone(tz, make_timestamptz((first_quarter + length) * 900000000))) // 60000000 - day_start_min - (local_date - DATE '1970-01-01') * 1440 AS end_min
  FROM numbered
  JOIN hour USING (tz, day_start_min)
  WHERE hour.quarter = first_quarter
  UNION ALL
  SELECT tz, day_start_min, year, local_date, res_min, place // width + 1, 96, place // width + 1, place // width + 1, 1, 1,
    res_min, 0, first_quarter + place, width, true, true, first_quarter + place - place % 4,
    (place // 4 * 60 + day_start_min) % 1440 // 60,
    CASE WHEN is_near_shift AND place + width = 96 THEN
      epoch_us(timezone(tz, make_timestamptz((first_quarter + 96) * 900000000))) // 60000000 - day_start_min - (local_date - DATE '1970-01-01') * 1440
      WHEN is_near_shift THEN (place + width) * 15 END
  FROM ordinary
  UNION ALL
  SELECT tz, day_start_min, year, min(local_date), res_min, 1, res_min // 15, 1, 1, 1, 1,
    15 * sum(quarters), 0, min(first_quarter), sum(quarters), true, true, min(first_quarter), day_start_min // 60, NULL
  FROM length, (VALUES (1440), (43200)) AS long(res_min)
  GROUP BY tz, day_start_min, year, res_min, CASE res_min WHEN 1440 THEN local_date ELSE date_trunc('month', local_date) END
),
ended AS (
  SELECT *, NULL AS end_repeats, NULL AS end_repeat, NULL AS end_minutes, NULL AS end_before
  FROM slot
  WHERE NOT is_wall OR end_min IS NULL
  UNION ALL
  SELECT
    *,
    count(*) OVER label,
    row_number() OVER (label ORDER BY first_quarter),
    15 * sum(length) OVER label,
    15 * (sum(length) OVER (label ORDER BY first_quarter) - length)
  FROM slot
  WHERE is_wall AND end_min IS NOT NULL
  WINDOW label AS (PARTITION BY tz, day_start_min, local_date, res_min, end_min)
)
SELECT
  tz,
  CAST(day_start_min AS INTEGER) AS day_start_min,
  CAST(year AS INTEGER) AS year,
  local_date,
  CAST(res_min AS INTEGER) AS res_min,
  CAST(slot AS INTEGER) AS slot,
  CAST(ceil(quarters * 15 / res_min) AS INTEGER) AS n_slots,
  CAST(greatest(1440 // res_min, 1) AS INTEGER) AS n_nominal,
  CAST(wall_slot AS INTEGER) AS wall_slot,
  CAST(wall_rank AS INTEGER) AS wall_rank,
  CAST(wall_repeats AS INTEGER) AS wall_repeats,
  CAST(wall_repeat AS INTEGER) AS wall_repeat,
  CAST(wall_minutes AS INTEGER) AS wall_minutes,
  CAST(wall_before AS INTEGER) AS wall_before,
  make_timestamptz(first_quarter * 900000000) AS start_utc,
  CAST(length * 15 AS INTEGER) AS dur_min,
  CAST(end_min AS INTEGER) AS end_min,
  CAST(end_repeats AS INTEGER) AS end_repeats,
  CAST(end_repeat AS INTEGER) AS end_repeat,
  CAST(end_minutes AS INTEGER) AS end_minutes,
  CAST(end_before AS INTEGER) AS end_before,
  is_elapsed,
  is_wall,
  make_timestamptz(hour_quarter * 900000000) AS hour_start,
  CAST(local_hour AS INTEGER) AS local_hour,
  strftime(local_date, '%Y-%m') AS month
FROM ended
