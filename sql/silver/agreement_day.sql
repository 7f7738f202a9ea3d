-- One row a meter point and local day with readings: the agreement that the newest snapshot says applies, and its product.
-- Of two that apply the later start wins, of two that start together the higher id. Without a product, uncovered says why.
-- key: meterpoint_id, local_date
-- increment: local_date
WITH meter_day AS (
  SELECT DISTINCT meter_id, local_date, month FROM silver.reading WHERE source = 'smart_meter'
),
applying AS (
  SELECT meter_day.meter_id, meter_day.local_date, meter_day.month,
    agreement.agreement_id, agreement.account_id, agreement.product_id,
    row_number() OVER (
      PARTITION BY meter_day.meter_id, meter_day.local_date
      ORDER BY agreement.valid_from DESC, agreement.agreement_id DESC, agreement.row_number DESC) AS place
  FROM meter_day
  LEFT JOIN (SELECT * FROM silver.agreement WHERE is_current AND problem IS NULL) AS agreement
    ON agreement.meterpoint_id = meter_day.meter_id
    AND agreement.valid_from <= meter_day.local_date
    AND meter_day.local_date < coalesce(agreement.valid_to, DATE '9999-12-31')
),
-- An id that a snapshot has twice is what its first row says.
named AS (
  SELECT product_id, product, row_number() OVER (PARTITION BY product_id ORDER BY source, row_number) AS place
  FROM silver.product
  WHERE is_current
)
SELECT
  applying.meter_id AS meterpoint_id,
  applying.local_date,
  applying.agreement_id,
  applying.account_id,
  applying.product_id,
  named.product,
  CASE
    WHEN applying.agreement_id IS NULL THEN 'no agreement'
    WHEN named.product IS NULL THEN 'product unknown: ' || coalesce(applying.product_id, 'none')
  END AS uncovered,
  applying.month
FROM applying
LEFT JOIN named ON named.product_id = applying.product_id AND named.place = 1
WHERE applying.place = 1
