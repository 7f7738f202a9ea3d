-- The wall-clock labels that a local day skips: those of the hour that doesn't exist.
-- key: tz, day_start_min, local_date, res_min, wall_slot
-- increment: year
WITH label AS (
  SELECT DISTINCT res_min, wall_slot FROM silver.slot WHERE is_wall
),
short_day AS (
  SELECT tz, day_start_min, year, local_date, res_min, month FROM silver.day_length WHERE n_labels < n_nominal
)
SELECT
  short_day.tz,
  short_day.day_start_min,
  short_day.year,
  short_day.local_date,
  short_day.res_min,
  label.wall_slot,
  short_day.month
FROM short_day
JOIN label ON label.res_min = short_day.res_min
LEFT JOIN silver.slot AS slot
  ON slot.tz = short_day.tz
  AND slot.day_start_min = short_day.day_start_min
  AND slot.local_date = short_day.local_date
  AND slot.res_min = short_day.res_min
  AND slot.wall_slot = label.wall_slot
WHERE slot.tz IS NULL
