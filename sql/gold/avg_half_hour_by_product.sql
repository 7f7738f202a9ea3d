-- The mean energy of a half hour over the meter points supplied with a product, rounded half up to whole mWh, and how
-- many they are. local_date and month are the half hour's in its source's zone: what is rebuilt when readings change.
-- key: interval_start, product
-- increment: local_date
SELECT
  interval_start,
  product,
  kwh(rounded_quotient(micro_kwh(total_kwh), meterpoint_count)) AS avg_kwh,
  meterpoint_count,
  local_date,
  month
FROM silver.product_half_hour
WHERE product IS NOT NULL
