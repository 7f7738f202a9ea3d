-- One row a snapshot of the supplier's database that arrived, numbered from the oldest: what the newest says is what holds.
-- key: source, snapshot
-- stored: no
WITH arrived AS (
  SELECT DISTINCT source, arrival, file, sha256 FROM bronze.smart_meter_agreement
  UNION
  SELECT DISTINCT source, arrival, file, sha256 FROM bronze.smart_meter_product
  UNION
  SELECT DISTINCT source, arrival, file, sha256 FROM bronze.smart_meter_point
)
SELECT
  source,
  arrival AS snapshot,
  file,
  sha256,
  CAST(row_number() OVER (PARTITION BY source ORDER BY arrival) AS BIGINT) AS nth,
  arrival = max(arrival) OVER (PARTITION BY source) AS is_newest
FROM arrived
