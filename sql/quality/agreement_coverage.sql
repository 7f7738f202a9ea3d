-- The energy of a local day, and what of it is in the per-product tables and what isn't: a check asks that they add up.
-- key: local_date
-- increment: local_date
WITH entry AS (
  SELECT local_date, month, energy_placed_kwh AS total_kwh,
    CAST(0 AS DECIMAL(38, 6)) AS covered_kwh, CAST(0 AS DECIMAL(38, 6)) AS uncovered_kwh, readings AS half_hours, 0 AS uncovered_half_hours
  FROM quality.reconciliation
  WHERE source = 'smart_meter' AND readings > 0
  UNION ALL
  SELECT local_date, month, 0, total_kwh, 0, 0, 0
  FROM gold.consumption_per_product_per_day
  UNION ALL
  SELECT local_date, month, 0, 0, energy_kwh, 0, 1
  FROM quality.uncovered_half_hour
)
SELECT
  local_date,
  CAST(sum(half_hours) AS BIGINT) AS half_hours,
  CAST(sum(uncovered_half_hours) AS BIGINT) AS uncovered_half_hours,
  CAST(sum(total_kwh) AS DECIMAL(38, 6)) AS total_kwh,
  CAST(sum(covered_kwh) AS DECIMAL(38, 6)) AS covered_kwh,
  CAST(sum(uncovered_kwh) AS DECIMAL(38, 6)) AS uncovered_kwh,
  month
FROM entry
GROUP BY local_date, month
