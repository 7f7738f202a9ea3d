-- Which of its two times each doubled label means, by the order of the rows of its series in its file: turn is 1 or 2, or problem says
-- why the rows don't tell.
-- The labels around the doubled hour, up to six hours away on its date, say whether time runs forward or backward through the file;
-- rows of other series in between don't matter. Through the doubled hour itself the labels run twice (03:00, 03:30, 03:00, 03:30: the
-- run is the turn) or come in pairs (03:00, 03:00, 03:30, 03:30: the place in the pair is). A row whose own end shows that it is the
-- first settles its label, and the whole hour where that came once. Everything else is a guess, and no row is placed by one: labels in
-- no order, an hour without neighbours, an hour that came once though it happened twice. Under label_paired the first of a pair is
-- the first time where no neighbour says that time runs backward.
-- key: arrival, row_number
-- increment: local_date
-- stored: no
-- held: yes
WITH event AS (
  SELECT arrival, client_id, meter_id, fuel, channel, is_register, res_min, quotient(clock_min, 1440) AS clock_day,
    min(clock_min) AS from_min, max(clock_min) AS to_min
  FROM silver.odd_label
  WHERE is_doubled
  GROUP BY arrival, client_id, meter_id, fuel, channel, is_register, res_min, quotient(clock_min, 1440)
),
near AS (
  SELECT odd_label.*, event.clock_day
  FROM silver.odd_label AS odd_label
  JOIN event
    ON event.arrival = odd_label.arrival
    AND event.client_id IS NOT DISTINCT FROM odd_label.client_id
    AND event.meter_id IS NOT DISTINCT FROM odd_label.meter_id
    AND event.fuel IS NOT DISTINCT FROM odd_label.fuel
    AND event.channel IS NOT DISTINCT FROM odd_label.channel
    AND event.is_register = odd_label.is_register
    AND event.res_min = odd_label.res_min
    AND event.clock_day = quotient(odd_label.clock_min, 1440)
  WHERE odd_label.clock_min BETWEEN event.from_min - 360 AND event.to_min + 360
),
followed AS (
  SELECT
    *,
    lag(clock_min) OVER in_file AS min_before,
    is_doubled AND lag(is_doubled) OVER in_file AS is_inside,
    -- A label's rows, how many of them are the first by their own end, and which of them stands first in the file.
    count(*) OVER same_label AS label_rows,
    sum(CASE WHEN is_first_by_end THEN 1 ELSE 0 END) OVER same_label AS known_rows,
    row_number() OVER same_label_in_file AS place
  FROM near
  WINDOW in_file AS (PARTITION BY arrival, client_id, meter_id, fuel, channel, is_register, res_min, clock_day ORDER BY row_number),
    same_label AS (PARTITION BY arrival, client_id, meter_id, fuel, channel, is_register, res_min, clock_day, clock_min),
    same_label_in_file AS (PARTITION BY arrival, client_id, meter_id, fuel, channel, is_register, res_min, clock_day, clock_min ORDER BY row_number)
),
-- Each label after the one before it in the file. Inside the doubled hour a step may go either way.
stepped AS (
  SELECT
    *,
    CASE WHEN NOT is_inside AND clock_min > min_before THEN 1 ELSE 0 END AS later,
    CASE WHEN NOT is_inside AND clock_min < min_before THEN 1 ELSE 0 END AS earlier,
    CASE WHEN is_inside AND clock_min > min_before THEN 1 ELSE 0 END AS up,
    CASE WHEN is_inside AND clock_min < min_before THEN 1 ELSE 0 END AS down,
    CASE WHEN is_inside AND clock_min = min_before THEN 1 ELSE 0 END AS level
  FROM followed
),
counted AS (
  SELECT
    *,
    sum(later) OVER whole AS later_steps,
    sum(earlier) OVER whole AS earlier_steps,
    sum(up) OVER whole AS ups,
    sum(down) OVER whole AS downs,
    sum(level) OVER whole AS levels,
    sum(up) OVER so_far AS ups_so_far,
    sum(down) OVER so_far AS downs_so_far,
    max(CASE WHEN is_doubled THEN label_rows END) OVER whole AS most_rows,
    sum(CASE WHEN is_first_by_end AND label_rows = 2 AND known_rows = 1 AND place = 1 THEN 1 ELSE 0 END) OVER whole AS known_before,
    sum(CASE WHEN is_first_by_end AND label_rows = 2 AND known_rows = 1 AND place = 2 THEN 1 ELSE 0 END) OVER whole AS known_after,
    max(CASE WHEN is_first_by_end THEN 1 ELSE 0 END) OVER whole AS has_known
  FROM stepped
  WINDOW whole AS (PARTITION BY arrival, client_id, meter_id, fuel, channel, is_register, res_min, clock_day),
    so_far AS (PARTITION BY arrival, client_id, meter_id, fuel, channel, is_register, res_min, clock_day ORDER BY row_number)
),
directed AS (
  SELECT
    *,
    CASE
      WHEN later_steps > 0 AND earlier_steps > 0 THEN 'none'
      WHEN later_steps > 0 THEN 'forward'
      WHEN earlier_steps > 0 THEN 'backward'
      -- Without neighbours, the doubled hour by itself: two runs forward can't be runs backward where they have more than a step each.
      WHEN downs = 1 AND levels = 0 AND ups > 1 THEN 'forward'
      WHEN ups = 1 AND levels = 0 AND downs > 1 THEN 'backward'
      WHEN downs = 0 AND ups > 0 AND most_rows = 2 THEN 'forward'
      WHEN ups = 0 AND downs > 0 AND most_rows = 2 THEN 'backward'
      WHEN known_before > 0 AND known_after = 0 THEN 'forward'
      WHEN known_after > 0 AND known_before = 0 THEN 'backward'
      WHEN policy = 'label_paired' THEN 'forward'
      ELSE 'alone'
    END AS direction
  FROM counted
  WHERE is_doubled
),
-- turns are runs where the labels break off once, pairs where they don't.
shaped AS (
  SELECT
    *,
    CASE
      WHEN most_rows > 2 OR direction IN ('none', 'alone') THEN 'unknown'
      WHEN levels = 0 AND CASE direction WHEN 'forward' THEN downs ELSE ups END = 1 THEN 'runs'
      WHEN CASE direction WHEN 'forward' THEN downs ELSE ups END = 0 THEN CASE WHEN levels = 0 THEN 'once' ELSE 'pairs' END
      ELSE 'unknown'
    END AS shape,
    CASE
      WHEN known_before > 0 AND known_after = 0 THEN 1
      WHEN known_after > 0 AND known_before = 0 THEN 2
      WHEN direction = 'backward' THEN 2
      ELSE 1
    END AS first_of_pair
  FROM directed
),
judged AS (
  SELECT
    *,
    CASE
      WHEN is_first_by_end THEN 1
      WHEN label_rows = 2 AND known_rows = 1 THEN 2
      WHEN shape = 'runs' AND direction = 'forward' THEN 1 + downs_so_far
      WHEN shape = 'runs' AND direction = 'backward' THEN 2 - ups_so_far
      WHEN shape = 'pairs' AND label_rows = 2 THEN CASE WHEN place = first_of_pair THEN 1 ELSE 2 END
      WHEN shape = 'once' AND has_known = 1 THEN 1
    END AS turn
  FROM shaped
)
SELECT
  arrival,
  row_number,
  CAST(turn AS INTEGER) AS turn,
  CASE
    WHEN turn IS NOT NULL THEN NULL
    WHEN label_rows > 2 THEN 'label came more often than it happened: ' || stamp
    WHEN label_rows = 1 AND most_rows < 3 AND direction <> 'none' THEN 'label happened twice and came once, which time is not known: ' || stamp
    WHEN direction = 'alone' THEN 'label happened twice, and no rows around it show which time it means: ' || stamp
    ELSE 'label happened twice, and the rows around it are in no order: ' || stamp
  END AS problem,
  local_date
FROM judged
