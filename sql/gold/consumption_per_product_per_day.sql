-- The energy of a local day by product, and how many meter points with readings were supplied with it. A day is the
-- source's own, of 46 half hours or of 50 when the clock changes.
-- key: local_date, product
-- increment: local_date
WITH energy AS (
  SELECT local_date, product, month, sum(total_kwh) AS total_kwh
  FROM silver.product_half_hour
  GROUP BY local_date, product, month
),
supplied AS (
  SELECT local_date, product, count(*) AS meterpoint_count
  FROM silver.agreement_day
  GROUP BY local_date, product
)
SELECT
  energy.local_date,
  energy.product,
  CAST(energy.total_kwh AS DECIMAL(18, 6)) AS total_kwh,
  CAST(supplied.meterpoint_count AS BIGINT) AS meterpoint_count,
  energy.month
FROM energy
JOIN supplied ON supplied.local_date = energy.local_date AND supplied.product = energy.product
