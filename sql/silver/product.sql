-- Products as the snapshots say them: one row for each stretch of snapshots that say the same of a product id. A product
-- is its display name, which several ids may share; is_current is what the newest snapshot says.
-- key: source, first_snapshot, row_number
WITH said AS (
  SELECT source, arrival, display_name, is_variable, id, product_id, min(row_number) AS row_number
  FROM bronze.smart_meter_product
  GROUP BY source, arrival, display_name, is_variable, id, product_id
),
-- Along snapshots that say the same, their number less that of the saying stays as it is.
numbered AS (
  SELECT said.*, snapshot.is_newest,
    snapshot.nth - row_number() OVER (PARTITION BY said.source, display_name, is_variable, id, product_id ORDER BY snapshot.nth) AS stretch
  FROM said
  JOIN silver.agreement_snapshot AS snapshot ON snapshot.source = said.source AND snapshot.snapshot = said.arrival
),
stretched AS (
  SELECT *,
    row_number() OVER (PARTITION BY source, display_name, is_variable, id, product_id, stretch ORDER BY arrival) AS place,
    max(arrival) OVER (PARTITION BY source, display_name, is_variable, id, product_id, stretch) AS last_snapshot,
    bool_or(is_newest) OVER (PARTITION BY source, display_name, is_variable, id, product_id, stretch) AS is_current
  FROM numbered
)
SELECT
  source,
  product_id,
  display_name AS product,
  CASE WHEN lower(is_variable) IN ('1', 'true') THEN true WHEN lower(is_variable) IN ('0', 'false') THEN false END AS is_variable,
  whole_number(trim(id), '.') AS id,
  is_current,
  arrival AS first_snapshot,
  last_snapshot,
  row_number
FROM stretched
WHERE place = 1
