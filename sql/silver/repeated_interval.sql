-- The labelled values of intervals that came more than once, and what becomes of each: the newest version is placed, the
-- older are superseded. A version is newer by when its sender made it, where rows say so, and of others by its arrival. The same
-- interval twice in one version of one file collapses to its first row when the two are equal; when they differ both are rejected
-- and supersede nothing.
-- key: arrival, row_number
-- increment: local_date
-- stored: no
-- held: yes
WITH numbered AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, tz, day_start_min, policy, is_end,
    CASE
      WHEN instant IS NOT NULL THEN quotient(unix_minutes(instant), res_min)
      WHEN slot IS NOT NULL THEN slot
      ELSE quotient(label_min, res_min)
    END AS number
  FROM silver.meter_interval
  WHERE problem IS NULL AND NOT is_register
),
-- Intervals that came more than once are rare. To find them each would be counted by itself; so first those days are
-- found that may have some, by a bit for each interval of a day: more values than bits, and one is there twice.
told_day AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, tz, day_start_min, policy, is_end,
    count(*) AS told, bit_count(bit_or(bit_of(number))) AS intervals
  FROM numbered
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min, tz, day_start_min, policy, is_end, quotient(number, 60)
),
-- A day told in more ways than one may name an interval twice by two numbers.
suspect_day AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min
  FROM told_day
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min
  HAVING sum(told) > sum(intervals) OR min(tz) < max(tz) OR min(policy) < max(policy) OR min(day_start_min) < max(day_start_min)
    OR (bool_or(is_end) AND NOT bool_and(is_end))
),
suspect AS (
  SELECT place.client_id, place.meter_id, place.fuel, place.channel, place.local_date, place.interval_start, place.res_min,
    place.arrival, coalesce(place.revision, -1) AS revision, place.row_number, coalesce(place.energy_micro_kwh, -1) AS energy
  FROM silver.interval_place AS place
  SEMI JOIN suspect_day
    ON suspect_day.client_id = place.client_id
    AND suspect_day.meter_id = place.meter_id
    AND suspect_day.fuel = place.fuel
    AND suspect_day.channel = place.channel
    AND suspect_day.local_date = place.local_date
    AND suspect_day.res_min = place.res_min
  WHERE place.reason IS NULL AND place.is_met AND NOT place.is_register
),
repeated AS (
  SELECT client_id, meter_id, fuel, channel, local_date, interval_start, res_min
  FROM suspect
  GROUP BY client_id, meter_id, fuel, channel, local_date, interval_start, res_min
  HAVING count(*) > 1
),
version AS (
  SELECT suspect.*
  FROM repeated
  JOIN suspect
    ON suspect.client_id = repeated.client_id
    AND suspect.meter_id = repeated.meter_id
    AND suspect.fuel = repeated.fuel
    AND suspect.channel = repeated.channel
    AND suspect.local_date = repeated.local_date
    AND suspect.interval_start = repeated.interval_start
    AND suspect.res_min = repeated.res_min
),
told AS (
  SELECT client_id, meter_id, fuel, channel, local_date, interval_start, res_min, arrival, revision,
    min(energy) <> max(energy) AS is_contradictory, min(row_number) AS first_row
  FROM version
  GROUP BY client_id, meter_id, fuel, channel, local_date, interval_start, res_min, arrival, revision
),
-- What another made later replaces is out. Of the rest, those that don't say when they were made too, the last to arrive stays.
revised AS (
  SELECT
    *,
    max(CASE WHEN NOT is_contradictory THEN revision END) OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date, interval_start, res_min) AS last_revision
  FROM told
),
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date, interval_start, res_min ORDER BY arrival DESC, revision DESC) AS rank
  FROM revised
  WHERE NOT is_contradictory AND (revision = last_revision OR revision = -1)
),
newest AS (
  SELECT client_id, meter_id, fuel, channel, local_date, interval_start, res_min, arrival, revision
  FROM ranked
  WHERE rank = 1
)
SELECT
  version.arrival,
  version.row_number,
  version.local_date,
  CASE
    WHEN told.is_contradictory THEN 'rejected'
    WHEN version.arrival = newest.arrival AND version.revision = newest.revision AND version.row_number = told.first_row THEN 'placed'
    ELSE 'superseded'
  END AS fate
FROM version
JOIN told
  ON told.client_id = version.client_id
  AND told.meter_id = version.meter_id
  AND told.fuel = version.fuel
  AND told.channel = version.channel
  AND told.local_date = version.local_date
  AND told.interval_start = version.interval_start
  AND told.res_min = version.res_min
  AND told.arrival = version.arrival
  AND told.revision = version.revision
LEFT JOIN newest
  ON newest.client_id = version.client_id
  AND newest.meter_id = version.meter_id
  AND newest.fuel = version.fuel
  AND newest.channel = version.channel
  AND newest.local_date = version.local_date
  AND newest.interval_start = version.interval_start
  AND newest.res_min = version.res_min
