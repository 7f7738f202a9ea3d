// The calendar of Europe/Vilnius alone, whose clock shifts by whole hours on whole hours: an interval at any
// resolution then has one number by real time and one by its label, and no label is cut in two.

/** The offset of the zone at midnight UTC of a date. */
const offsetAt = (date: string) =>
  `timezone('Europe/Vilnius', timezone('UTC', (${date})::TIMESTAMP)) - (${date})::TIMESTAMP`;

/** `silver.slot` of the years in `calendar_year`. */
export const slot = `
  WITH grid AS (
    SELECT res_min, year, start_utc, timezone('Europe/Vilnius', start_utc) AS clock
    FROM calendar_year, (VALUES (15), (30), (60)) AS resolution(res_min), LATERAL (
      SELECT unnest(generate_series(
        make_timestamptz(year - 1, 12, 31, 0, 0, 0, 'UTC'),
        make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC'),
        to_minutes(res_min)
      )) AS start_utc
    )
    WHERE year(timezone('Europe/Vilnius', start_utc)) = year
  ),
  labelled AS (
    SELECT *, CAST(clock AS DATE) AS local_date, CAST((hour(clock) * 60 + minute(clock)) // res_min + 1 AS INTEGER) AS wall_slot
    FROM grid
  ),
  numbered AS (
    SELECT *,
      row_number() OVER day AS slot,
      count(*) OVER (PARTITION BY res_min, local_date) AS n_slots,
      dense_rank() OVER (PARTITION BY res_min, local_date ORDER BY wall_slot) AS wall_rank,
      count(*) OVER (PARTITION BY res_min, local_date, wall_slot) AS wall_repeats,
      row_number() OVER (PARTITION BY res_min, local_date, wall_slot ORDER BY start_utc) AS wall_repeat
    FROM labelled
    WINDOW day AS (PARTITION BY res_min, local_date ORDER BY start_utc)
  ),
  -- What the clock shows where an interval ends, of dates within a day of a shift.
  ended AS (
    SELECT *, date_diff('minute', local_date::TIMESTAMP, timezone('Europe/Vilnius', start_utc + to_minutes(res_min)))::INTEGER AS end_min
    FROM numbered
    WHERE ${offsetAt("local_date - 1")} <> ${offsetAt("local_date + 2")}
  ),
  near_shift AS (
    SELECT res_min, start_utc, end_min, count(*) OVER label AS end_repeats, row_number() OVER (label ORDER BY start_utc) AS end_repeat
    FROM ended
    WINDOW label AS (PARTITION BY res_min, local_date, end_min)
  )
  SELECT 'Europe/Vilnius' AS tz, 0::INTEGER AS day_start_min, year, local_date, res_min, slot::INTEGER AS slot, n_slots::INTEGER AS n_slots,
    (1440 // res_min)::INTEGER AS n_nominal, wall_slot, wall_rank::INTEGER AS wall_rank, wall_repeats::INTEGER AS wall_repeats,
    wall_repeat::INTEGER AS wall_repeat, (wall_repeats * res_min)::INTEGER AS wall_minutes,
    ((wall_repeat - 1) * res_min)::INTEGER AS wall_before, start_utc, res_min AS dur_min, end_min, end_repeats::INTEGER AS end_repeats,
    end_repeat::INTEGER AS end_repeat, (end_repeats * res_min)::INTEGER AS end_minutes, ((end_repeat - 1) * res_min)::INTEGER AS end_before, true AS is_elapsed, true AS is_wall,
    date_trunc('hour', start_utc) AS hour_start, hour(clock)::INTEGER AS local_hour, strftime(local_date, '%Y-%m') AS month
  FROM numbered
  LEFT JOIN near_shift USING (res_min, start_utc)
  UNION ALL
  SELECT 'Europe/Vilnius', 0::INTEGER, year, min(local_date), res_min, 1, 1, 1, 1, 1, 1, 1, (60 * count(*))::INTEGER, 0, min(start_utc),
    (60 * count(*))::INTEGER, NULL, NULL, NULL, NULL, NULL, true, true, min(start_utc), 0, strftime(min(local_date), '%Y-%m')
  FROM (SELECT * EXCLUDE (res_min) FROM labelled WHERE res_min = 60), (VALUES (1440), (43200)) AS long(res_min)
  GROUP BY year, res_min, CASE res_min WHEN 1440 THEN local_date ELSE date_trunc('month', local_date) END`;

/** `silver.day_length` of the table `slot`. */
export const dayLength = `
  SELECT tz, day_start_min, year, local_date, res_min, max(n_slots) AS n_slots, count(*)::INTEGER AS n_runs,
    max(wall_rank) AS n_labels, max(n_nominal) AS n_nominal, sum(dur_min)::INTEGER AS day_minutes,
    min(wall_minutes) AS least_label_minutes, max(wall_repeats) AS most_repeats, min(start_utc) AS day_start, month
  FROM slot
  GROUP BY ALL`;

/** `silver.absent_label` of the tables `slot` and `day_length`. */
export const absentLabel = `
  SELECT tz, day_start_min, year, local_date, res_min, wall_slot, month
  FROM (
    SELECT *, unnest(range(1, n_nominal + 1))::INTEGER AS wall_slot FROM day_length WHERE n_labels < n_nominal
  )
  ANTI JOIN slot USING (local_date, res_min, wall_slot)`;

/** Days whose slots don't add up to the day, which must be none. */
export const unevenDays = `
  SELECT local_date, res_min
  FROM slot
  GROUP BY local_date, res_min
  HAVING sum(dur_min) <> date_diff('minute', min(start_utc), max(start_utc + to_minutes(dur_min)))
    OR count(*) <> count(DISTINCT start_utc)`;

/** What the hourly days need of it: their slots, their labels with how often each comes, and their lengths. */
export const hourly = [
  `CREATE TABLE slot_60 AS
   SELECT local_date, wall_slot, wall_repeats, wall_repeat, start_utc, hour_start, local_hour FROM slot WHERE res_min = 60`,
  `CREATE TABLE length_60 AS
   SELECT local_date, month, n_slots, day_start, day_minutes, dayofweek(local_date) IN (0, 6) AS is_weekend FROM day_length WHERE res_min = 60`,
  `CREATE TABLE label_60 AS
   SELECT local_date, label.wall_slot::INTEGER AS wall_slot, count(slot_60.wall_slot) AS times
   FROM length_60 CROSS JOIN range(1, 25) AS label(wall_slot)
   LEFT JOIN slot_60 USING (local_date, wall_slot)
   GROUP BY ALL`
];
