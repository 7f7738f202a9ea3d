-- How long a local day is, at each resolution: its slots of real time, its runs of wall-clock labels, the labels
-- that exist, those of an ordinary day, and the whole UTC intervals that begin in it.
-- key: tz, day_start_min, local_date, res_min
-- increment: year
SELECT
  tz,
  day_start_min,
  year,
  local_date,
  res_min,
  CAST(max(n_slots) AS INTEGER) AS n_slots,
  CAST(count(wall_slot) AS INTEGER) AS n_runs,
  CAST(max(wall_rank) AS INTEGER) AS n_labels,
  CAST(max(n_nominal) AS INTEGER) AS n_nominal,
  CAST(sum(CASE WHEN is_elapsed THEN dur_min ELSE 0 END) AS INTEGER) AS day_minutes,
  CAST(min(wall_minutes) AS INTEGER) AS least_label_minutes,
  CAST(max(wall_repeats) AS INTEGER) AS most_repeats,
  min(start_utc) AS day_start,
  month
FROM silver.slot
GROUP BY tz, day_start_min, year, local_date, res_min, month
