-- No two readings of a series at one resolution share any time, so its key is unique.
-- Proven before the explode, where a year of a meter is 365 rows and not 8,760: the calendar's own key lists no interval twice, no day
-- and no label is placed twice, and the days of one zone don't overlap. A series told in more than one way (two
-- zones, arrays and labels, two grids) may overlap all the same: only there are the readings themselves compared.
-- severity: error
-- column: interval_start
WITH placed_day AS (
  SELECT day.client_id, day.meter_id, day.fuel, day.channel, day.local_date, day.res_min, day.tz, day.day_start_min, day.month,
    day.policy = 'variable_length' AS is_elapsed
  FROM silver.meter_day AS day
  LEFT JOIN (SELECT arrival, row_number FROM silver.day_fate WHERE fate <> 'placed') AS unplaced
    ON unplaced.arrival = day.arrival AND unplaced.row_number = day.row_number
  WHERE unplaced.arrival IS NULL
),
-- Days are counted a month at a time, each a bit of its own: more days than bits, and one is there twice.
placed_month AS (
  SELECT client_id, meter_id, fuel, channel, res_min, tz, day_start_min, month, is_elapsed,
    count(*) AS days, bit_or(CAST(1 AS BIGINT) << day(local_date)) AS day_bits
  FROM placed_day
  GROUP BY client_id, meter_id, fuel, channel, res_min, tz, day_start_min, month, is_elapsed
),
crowded AS (
  SELECT client_id, meter_id, fuel, channel, res_min, month
  FROM placed_month
  GROUP BY client_id, meter_id, fuel, channel, res_min, month
  HAVING sum(days) > bit_count(bit_or(day_bits))
),
-- Labels are counted by bits, too: one for each quarter of a stretch of fifteen hours.
placed_stretch AS (
  SELECT client_id, meter_id, fuel, channel, res_min, tz, day_start_min, policy, minute(interval_start) % res_min AS minutes_past,
    unix_minutes(interval_start) // 900 AS stretch, count(*) AS labels, bit_or(bit_of(unix_minutes(interval_start) // 15)) AS quarter_bits
  FROM silver.interval_fate
  WHERE fate = 'placed'
  GROUP BY ALL
),
crowded_label AS (
  SELECT DISTINCT client_id, meter_id, fuel, channel, res_min
  FROM (
    SELECT client_id, meter_id, fuel, channel, res_min
    FROM placed_stretch
    GROUP BY client_id, meter_id, fuel, channel, res_min, stretch
    HAVING sum(labels) > bit_count(bit_or(quarter_bits))
  )
),
frame AS (
  SELECT DISTINCT client_id, meter_id, fuel, channel, res_min, tz, day_start_min, CASE WHEN is_elapsed THEN 'slots' ELSE 'labels' END AS frame
  FROM placed_month
  UNION ALL
  SELECT DISTINCT client_id, meter_id, fuel, channel, res_min, tz, day_start_min,
    CASE
      WHEN policy IN ('utc', 'label_offset', 'fixed_standard_time') THEN 'instants on ' || CAST(minutes_past AS STRING)
      ELSE 'rows of ' || policy
    END AS frame
  FROM placed_stretch
),
suspect AS (
  SELECT client_id, meter_id, fuel, channel, res_min
  FROM frame
  GROUP BY client_id, meter_id, fuel, channel, res_min
  HAVING count(*) > 1
),
followed AS (
  SELECT reading.*,
    lead(interval_start) OVER (PARTITION BY client_id, meter_id, fuel, channel, res_min ORDER BY interval_start) AS next_start
  FROM silver.reading AS reading
  JOIN suspect USING (client_id, meter_id, fuel, channel, res_min)
)
SELECT client_id, meter_id, fuel, channel, interval_start, interval_minutes
FROM followed
WHERE next_start < interval_start + to_minutes(interval_minutes)
UNION ALL
SELECT client_id, meter_id, fuel, channel, min(slot.start_utc), CAST(NULL AS INTEGER)
FROM (
  SELECT client_id, meter_id, fuel, channel, local_date, res_min, min(tz) AS tz, min(day_start_min) AS day_start_min
  FROM placed_day
  JOIN crowded USING (client_id, meter_id, fuel, channel, res_min, month)
  GROUP BY client_id, meter_id, fuel, channel, local_date, res_min
  HAVING count(*) > 1
) AS twice
JOIN silver.slot AS slot USING (tz, day_start_min, local_date, res_min)
GROUP BY client_id, meter_id, fuel, channel
UNION ALL
SELECT client_id, meter_id, fuel, channel, interval_start, min(interval_minutes)
FROM silver.interval_fate
JOIN crowded_label USING (client_id, meter_id, fuel, channel, res_min)
WHERE fate = 'placed'
GROUP BY client_id, meter_id, fuel, channel, interval_start, res_min
HAVING count(*) > 1
