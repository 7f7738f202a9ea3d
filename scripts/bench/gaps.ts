import {most} from "./month.js";

/** What the months tell of gaps: the days with readings, and why an hour of an arrived day has none. */
export const gapTables = [
  "CREATE TABLE told (client_id client, meter_id meter, local_date DATE)",
  "CREATE TABLE hole (client_id client, meter_id meter, local_date DATE, start_utc TIMESTAMPTZ, cause VARCHAR, is_whole BOOLEAN)"
];

/** What a month adds to them. */
export const gapsOfMonth = [
  "INSERT INTO told SELECT client_id, meter_id, local_date FROM measured",
  `INSERT INTO hole
   SELECT client_id, meter_id, local_date, start_utc, CASE WHEN value_count = 24 AND value IS NULL THEN 'no value' ELSE 'rejected' END, readings IS NULL
   FROM (
     SELECT day.*, slot.start_utc, slot.wall_repeats, measured.readings, day.energy_micro_kwh[slot.wall_slot] AS value
     FROM day
     JOIN length_60 USING (local_date)
     LEFT JOIN measured USING (client_id, meter_id, local_date)
     JOIN slot_60 AS slot USING (local_date)
     WHERE measured.readings IS DISTINCT FROM n_slots
   )
   WHERE (value_count = 24 AND value BETWEEN 0 AND ${most} * wall_repeats) IS NOT TRUE`
];

/** `quality.gap`, once all months are told. */
export const gap = `
  WITH series AS (
    SELECT client_id, meter_id, min(local_date) AS first_date, max(local_date) AS last_date FROM told GROUP BY ALL
  ),
  silent AS (
    SELECT client_id, meter_id, length_60.local_date
    FROM series JOIN length_60 ON length_60.local_date BETWEEN first_date AND last_date
    ANTI JOIN (FROM told UNION ALL SELECT client_id, meter_id, local_date FROM hole) AS known USING (client_id, meter_id, local_date)
  ),
  hour AS (
    SELECT client_id, meter_id, local_date, start_utc, 'never arrived' AS cause, true AS is_whole
    FROM silent JOIN slot_60 USING (local_date)
    UNION ALL
    SELECT hole.*
    FROM hole LEFT JOIN series USING (client_id, meter_id)
    WHERE hole.local_date BETWEEN first_date AND last_date
      OR (client_id, meter_id, hole.local_date) IN (SELECT (client_id, meter_id, local_date) FROM hole WHERE cause = 'no value')
  ),
  numbered AS (
    SELECT *, start_utc - to_hours(row_number() OVER (PARTITION BY client_id, meter_id, cause ORDER BY start_utc)) AS gap FROM hour
  )
  SELECT client_id, meter_id, 'electricity' AS fuel, 'consumption' AS channel, 60::INTEGER AS res_min, min(start_utc) AS gap_start,
    max(start_utc) + to_hours(1) AS gap_end, count(*) AS missing_intervals, 60 * count(*) AS missing_minutes,
    min(local_date) AS local_date, max(local_date) AS last_date,
    count(DISTINCT CASE WHEN is_whole THEN local_date END)::INTEGER AS whole_days,
    CASE WHEN bool_or(is_whole) THEN 'whole days' ELSE 'within a day' END AS kind, cause, 'eliq' AS source
  FROM numbered
  GROUP BY client_id, meter_id, cause, gap`;
