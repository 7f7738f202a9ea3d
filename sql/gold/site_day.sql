-- One row a site and UTC date: its energy, peak, mean temperature, the share of records with status OK, and how many have
-- another. A mean is over the records that have a value.
-- key: event_date, site_id
-- increment: event_date
SELECT
  event_date,
  site_id,
  CAST(sum(energy_wh) AS DECIMAL(38, 6)) AS energy_wh_total,
  CAST(max(power_w) AS DECIMAL(18, 6)) AS peak_power_w,
  CAST(mean_of(sum(temperature_c), count(temperature_c)) AS DECIMAL(18, 6)) AS avg_temp_c,
  ratio(100 * sum(CASE WHEN status = 'OK' THEN 1 ELSE 0 END), count(*)) AS uptime_percent,
  CAST(sum(CASE WHEN status = 'OK' THEN 0 ELSE 1 END) AS BIGINT) AS anomaly_count,
  CAST(count(*) AS BIGINT) AS record_count,
  month_of(event_date) AS month
FROM silver.telemetry
GROUP BY event_date, site_id
