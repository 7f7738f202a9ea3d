-- What is missing of a series on a local day: a row for each of the day's intervals on end that have no reading, for
-- one cause. no value: the sender left them empty; rejected: what it sent can't be right (silver.reading_reject has
-- it); never arrived. Before the first thing that was ever told of a series and after the last nothing is missing.
-- is_whole. quality.gap puts the rows of days on end together.
-- key: client_id, meter_id, fuel, channel, gap_start
-- increment: local_date
WITH unplaced AS (
  SELECT arrival, row_number, fate FROM silver.day_fate WHERE fate <> 'placed'
),
sent_empty AS (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, min(source) AS source, min(anchor) AS anchor
  FROM (
    SELECT client_id, meter_id, fuel, channel, local_date, res_min, source, interval_start AS anchor
    FROM silver.interval_fate
    WHERE fate = 'missing'
    UNION ALL
    SELECT day.client_id, day.meter_id, day.fuel, day.channel, day.local_date, day.res_min, day.source, NULL
    FROM silver.meter_day AS day
    LEFT JOIN unplaced ON unplaced.arrival = day.arrival AND unplaced.row_number = day.row_number
    WHERE unplaced.arrival IS NULL AND day.present_count < day.value_count
  ) AS told
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min
),
present_day AS (
  SELECT client_id, meter_id, fuel, channel, local_date, source, res_min,
    first_interval_start AS anchor, present_minutes <> day_minutes AS is_odd
  FROM gold.energy_day
),
absent_day AS (
  SELECT client_id, meter_id, fuel, channel, local_date, source, res_min, first_interval_start AS anchor
  FROM silver.span_day
  WHERE kind = 'absent'
),
known_day AS (
  SELECT client_id, meter_id, fuel, channel, local_date FROM present_day
  UNION ALL
  SELECT client_id, meter_id, fuel, channel, local_date FROM absent_day
),
-- Days that may lack something: those whose readings don't fill them, those without any, and those outside the span
-- of the readings that were sent empty.
day AS (
  SELECT client_id, meter_id, fuel, channel, local_date, source, res_min, anchor, false AS is_outside
  FROM present_day
  WHERE is_odd
  UNION ALL
  SELECT *, false FROM absent_day
  UNION ALL
  SELECT sent.client_id, sent.meter_id, sent.fuel, sent.channel, sent.local_date, sent.source, sent.res_min, sent.anchor, true
  FROM sent_empty AS sent
  LEFT JOIN known_day AS known
    ON known.client_id = sent.client_id
    AND known.meter_id = sent.meter_id
    AND known.fuel = sent.fuel
    AND known.channel = sent.channel
    AND known.local_date = sent.local_date
  WHERE known.client_id IS NULL
),
framed AS (
  -- Instants lie on a grid of their own: that of the one that is known, by UTC, or by the clock where it writes them.
  SELECT day.*, source.tz, source.day_start_min, source.policy,
    day.res_min <= 60 AND source.policy IN ('utc', 'label_offset', 'fixed_standard_time') AS by_instant,
    CASE WHEN source.policy = 'label_offset' THEN local_minutes(unix_minutes(day.anchor), source.tz) ELSE unix_minutes(day.anchor) END % day.res_min
      AS phase_min
  FROM day
  JOIN bronze.source AS source ON source.source = day.source
),
expected AS (
  SELECT framed.*, slot.start_utc, CASE WHEN framed.by_instant THEN framed.res_min ELSE slot.dur_min END AS minutes, slot.wall_slot,
    CASE framed.policy WHEN 'variable_length' THEN slot.slot WHEN 'fixed_slots_skip_sum_double' THEN slot.wall_rank ELSE slot.wall_slot END AS place
  FROM framed
  JOIN silver.slot AS slot
    ON slot.tz = framed.tz
    AND slot.day_start_min = framed.day_start_min
    AND slot.local_date = framed.local_date
    AND slot.res_min = CASE WHEN framed.by_instant THEN 15 ELSE framed.res_min END
    AND CASE
      WHEN framed.by_instant THEN slot.is_elapsed AND framed.phase_min =
        CASE WHEN framed.policy = 'label_offset' THEN (slot.wall_slot - 1) * 15 + framed.day_start_min ELSE unix_minutes(slot.start_utc) END % framed.res_min
      WHEN framed.policy = 'variable_length' THEN slot.is_elapsed
      ELSE slot.is_wall
    END
),
present AS (
  SELECT reading.client_id, reading.meter_id, reading.fuel, reading.channel, reading.interval_start
  FROM day
  JOIN silver.reading AS reading
    ON reading.client_id = day.client_id
    AND reading.meter_id = day.meter_id
    AND reading.fuel = day.fuel
    AND reading.channel = day.channel
    AND reading.local_date = day.local_date
    AND reading.res_min = day.res_min
),
-- What is known of an interval without a reading: of a day's array, its element; of a label, its fate.
arrived_day AS (
  SELECT arrived.client_id, arrived.meter_id, arrived.fuel, arrived.channel, arrived.local_date, arrived.res_min,
    max(CASE WHEN unplaced.arrival IS NULL THEN arrived.energy_micro_kwh END) AS energy_micro_kwh,
    max(CASE WHEN unplaced.arrival IS NULL THEN 1 ELSE 0 END) AS is_placed,
    max(CASE WHEN unplaced.fate = 'rejected' THEN 1 ELSE 0 END) AS is_rejected
  FROM day
  JOIN silver.meter_day AS arrived
    ON arrived.client_id = day.client_id
    AND arrived.meter_id = day.meter_id
    AND arrived.fuel = day.fuel
    AND arrived.channel = day.channel
    AND arrived.local_date = day.local_date
    AND arrived.res_min = day.res_min
  LEFT JOIN unplaced ON unplaced.arrival = arrived.arrival AND unplaced.row_number = arrived.row_number
  GROUP BY arrived.client_id, arrived.meter_id, arrived.fuel, arrived.channel, arrived.local_date, arrived.res_min
),
arrived_label AS (
  SELECT client_id, meter_id, fuel, channel, res_min, interval_start, max(fate) AS fate
  FROM (
    SELECT client_id, meter_id, fuel, channel, res_min, interval_start, fate
    FROM silver.interval_fate
    WHERE fate IN ('missing', 'rejected') AND policy NOT LIKE 'fixed_slots_%'
    UNION ALL
    SELECT fate.client_id, fate.meter_id, fate.fuel, fate.channel, fate.res_min, slot.start_utc, fate.fate
    FROM silver.interval_fate AS fate
    JOIN silver.slot AS slot
      ON slot.tz = fate.tz
      AND slot.day_start_min = fate.day_start_min
      AND slot.local_date = fate.local_date
      AND slot.res_min = fate.res_min
      AND slot.wall_slot = fate.slot
    WHERE fate.fate IN ('missing', 'rejected') AND fate.policy LIKE 'fixed_slots_%' AND fate.end_min IS NULL
    UNION ALL
    SELECT fate.client_id, fate.meter_id, fate.fuel, fate.channel, fate.res_min, piece.start_utc, fate.fate
    FROM silver.interval_fate AS fate
    JOIN silver.slot AS piece
      ON piece.tz = fate.tz
      AND piece.day_start_min = fate.day_start_min
      AND piece.local_date = fate.local_date
      AND piece.res_min = fate.res_min
      AND piece.end_min = fate.end_min
      AND piece.is_wall
    WHERE fate.fate IN ('missing', 'rejected') AND fate.policy LIKE 'fixed_slots_%'
  ) AS arrived
  GROUP BY client_id, meter_id, fuel, channel, res_min, interval_start
),
edge AS (
  SELECT client_id, meter_id, fuel, channel, local_date,
    max(CASE kind WHEN 'first' THEN 1 ELSE 0 END) AS is_first,
    max(CASE kind WHEN 'last' THEN 1 ELSE 0 END) AS is_last
  FROM silver.span_day
  WHERE kind <> 'absent'
  GROUP BY client_id, meter_id, fuel, channel, local_date
),
judged AS (
  SELECT
    expected.*,
    expected.is_outside OR coalesce(edge.is_first, 0) = 1 AS is_first,
    expected.is_outside OR coalesce(edge.is_last, 0) = 1 AS is_last,
    CASE
      WHEN present.client_id IS NOT NULL THEN 'present'
      WHEN label.fate = 'rejected' THEN 'rejected'
      WHEN label.fate = 'missing' THEN 'no value'
      WHEN arrived.is_placed = 1 AND try_element_at(arrived.energy_micro_kwh, expected.place) IS NULL THEN 'no value'
      WHEN arrived.is_placed = 1 OR arrived.is_rejected = 1 THEN 'rejected'
      ELSE 'never arrived'
    END AS cause
  FROM expected
  LEFT JOIN present
    ON present.client_id = expected.client_id
    AND present.meter_id = expected.meter_id
    AND present.fuel = expected.fuel
    AND present.channel = expected.channel
    AND present.interval_start = expected.start_utc
  LEFT JOIN arrived_day AS arrived
    ON arrived.client_id = expected.client_id
    AND arrived.meter_id = expected.meter_id
    AND arrived.fuel = expected.fuel
    AND arrived.channel = expected.channel
    AND arrived.local_date = expected.local_date
  LEFT JOIN arrived_label AS label
    ON label.client_id = expected.client_id
    AND label.meter_id = expected.meter_id
    AND label.fuel = expected.fuel
    AND label.channel = expected.channel
    AND label.res_min = expected.res_min
    AND label.interval_start = expected.start_utc
  LEFT JOIN edge
    ON edge.client_id = expected.client_id
    AND edge.meter_id = expected.meter_id
    AND edge.fuel = expected.fuel
    AND edge.channel = expected.channel
    AND edge.local_date = expected.local_date
),
numbered AS (
  SELECT
    *,
    -- The same for intervals on end: what lies between two others adds to the first of these alone.
    unix_minutes(start_utc) + minutes
      - sum(minutes) OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date, cause ORDER BY start_utc) AS run,
    sum(CASE WHEN cause <> 'never arrived' THEN 1 ELSE 0 END) OVER clockwise AS told_so_far,
    sum(CASE WHEN cause <> 'never arrived' THEN 1 ELSE 0 END) OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date) AS told,
    sum(CASE WHEN cause = 'no value' THEN 1 ELSE 0 END) OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date) AS empties,
    sum(CASE WHEN cause = 'present' THEN 1 ELSE 0 END) OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date) AS readings,
    count(*) OVER (PARTITION BY client_id, meter_id, fuel, channel, local_date) AS intervals
  FROM judged
  WINDOW clockwise AS (PARTITION BY client_id, meter_id, fuel, channel, local_date ORDER BY start_utc)
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  CAST(res_min AS INTEGER) AS res_min,
  min(start_utc) AS gap_start,
  instant_at(max(unix_minutes(start_utc) + minutes)) AS gap_end,
  CAST(count(*) AS INTEGER) AS missing_intervals,
  CAST(sum(minutes) AS INTEGER) AS missing_minutes,
  local_date,
  readings = 0 AND (NOT is_outside OR told = intervals) AS is_whole,
  cause,
  source,
  month_of(local_date) AS month
FROM numbered
WHERE cause <> 'present'
  AND (NOT is_outside OR empties > 0)
  AND (cause <> 'never arrived' OR NOT (is_first AND told_so_far = 0 OR is_last AND told_so_far = told))
GROUP BY client_id, meter_id, fuel, channel, res_min, local_date, is_outside, readings, told, intervals, cause, source, run
