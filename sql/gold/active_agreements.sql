-- The agreements in force on a date, as the newest snapshot says them: one a meter point, of two that overlap the one
-- with the later start. A region or a product that the snapshot doesn't know is NULL.
-- key: meterpoint_id
-- param: as_of = 2021-01-01
WITH applying AS (
  SELECT agreement.*,
    row_number() OVER (
      PARTITION BY agreement.meterpoint_id
      ORDER BY agreement.valid_from DESC, agreement.agreement_id DESC, agreement.row_number DESC) AS place
  FROM silver.agreement AS agreement
  CROSS JOIN parameter
  WHERE agreement.is_current
    AND agreement.problem IS NULL
    AND agreement.valid_from <= CAST(parameter.as_of AS DATE)
    AND (agreement.valid_to IS NULL OR CAST(parameter.as_of AS DATE) < agreement.valid_to)
),
named AS (
  SELECT product_id, product, is_variable, row_number() OVER (PARTITION BY product_id ORDER BY source, row_number) AS place
  FROM silver.product
  WHERE is_current
),
located AS (
  SELECT meterpoint_id, region, row_number() OVER (PARTITION BY meterpoint_id ORDER BY source, row_number) AS place
  FROM silver.meterpoint
  WHERE is_current
)
SELECT
  applying.agreement_id,
  applying.meterpoint_id,
  applying.account_id,
  located.region,
  named.product,
  named.is_variable,
  applying.valid_from,
  applying.valid_to
FROM applying
LEFT JOIN named ON named.product_id = applying.product_id AND named.place = 1
LEFT JOIN located ON located.meterpoint_id = applying.meterpoint_id AND located.place = 1
WHERE applying.place = 1
