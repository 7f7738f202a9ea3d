-- What is odd about the agreements of the newest snapshot, a row for each: they apply on no day, overlap, or name a product
-- or a meter point that the snapshot doesn't have. Of two that overlap each has a row, and names the other.
WITH agreement AS (
  SELECT * FROM silver.agreement WHERE is_current
),
found AS (
  SELECT agreement.*, agreement.problem AS finding, CAST(NULL AS BIGINT) AS other_agreement_id
  FROM agreement
  WHERE agreement.problem IS NOT NULL
  UNION ALL
  SELECT agreement.*, 'overlap', other.agreement_id
  FROM agreement
  JOIN agreement AS other
    ON other.source = agreement.source
    AND other.meterpoint_id = agreement.meterpoint_id
    AND (other.row_number <> agreement.row_number OR other.first_snapshot <> agreement.first_snapshot)
    AND (other.valid_to IS NULL OR agreement.valid_from < other.valid_to)
    AND (agreement.valid_to IS NULL OR other.valid_from < agreement.valid_to)
  WHERE agreement.problem IS NULL AND other.problem IS NULL
  UNION ALL
  SELECT agreement.*, 'product unknown', CAST(NULL AS BIGINT)
  FROM agreement
  LEFT JOIN (SELECT DISTINCT source, product_id FROM silver.product WHERE is_current AND product IS NOT NULL) AS product
    ON product.source = agreement.source AND product.product_id = agreement.product_id
  WHERE product.product_id IS NULL
  UNION ALL
  SELECT agreement.*, 'meter point unknown', CAST(NULL AS BIGINT)
  FROM agreement
  LEFT JOIN (SELECT DISTINCT source, meterpoint_id FROM silver.meterpoint WHERE is_current) AS meterpoint
    ON meterpoint.source = agreement.source AND meterpoint.meterpoint_id = agreement.meterpoint_id
  WHERE meterpoint.meterpoint_id IS NULL
)
SELECT
  source,
  finding AS problem,
  agreement_id,
  other_agreement_id,
  meterpoint_id,
  product_id,
  valid_from,
  valid_to,
  first_snapshot,
  row_number
FROM found
