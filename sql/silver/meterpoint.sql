-- Meter points and their regions as the snapshots say them: one row for each stretch of snapshots that say the same of
-- a meter point; is_current is what the newest snapshot says.
-- key: source, first_snapshot, row_number
WITH said AS (
  SELECT source, arrival, region, meterpoint_id, min(row_number) AS row_number
  FROM bronze.smart_meter_point
  GROUP BY source, arrival, region, meterpoint_id
),
-- Along snapshots that say the same, their number less that of the saying stays as it is.
numbered AS (
  SELECT said.*, snapshot.is_newest,
    snapshot.nth - row_number() OVER (PARTITION BY said.source, region, meterpoint_id ORDER BY snapshot.nth) AS stretch
  FROM said
  JOIN silver.agreement_snapshot AS snapshot ON snapshot.source = said.source AND snapshot.snapshot = said.arrival
),
stretched AS (
  SELECT *,
    row_number() OVER (PARTITION BY source, region, meterpoint_id, stretch ORDER BY arrival) AS place,
    max(arrival) OVER (PARTITION BY source, region, meterpoint_id, stretch) AS last_snapshot,
    bool_or(is_newest) OVER (PARTITION BY source, region, meterpoint_id, stretch) AS is_current
  FROM numbered
)
SELECT
  source,
  meterpoint_id,
  region,
  is_current,
  arrival AS first_snapshot,
  last_snapshot,
  row_number
FROM stretched
WHERE place = 1
