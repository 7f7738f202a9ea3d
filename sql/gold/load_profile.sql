-- The typical day of a meter, fuel and channel in a month: the energy of its hours, by weekday or weekend and local
-- hour. A quantile is the least of the hours that so large a share doesn't exceed (percentile_disc), so it is itself
-- one of them; the mean is rounded half up.
-- key: client_id, meter_id, fuel, channel, month, day_type, local_hour
-- increment: month
WITH hour AS (
  SELECT
    client_id,
    meter_id,
    fuel,
    channel,
    month,
    CASE WHEN iso_weekday(local_date) > 5 THEN 'weekend' ELSE 'weekday' END AS day_type,
    local_hour,
    count(*) AS hours,
    sum(energy_kwh) AS total_kwh,
    p10_p50_p90(collect_list(energy_kwh)) AS quantiles_kwh
  FROM gold.energy_hour
  GROUP BY client_id, meter_id, fuel, channel, month, CASE WHEN iso_weekday(local_date) > 5 THEN 'weekend' ELSE 'weekday' END, local_hour
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  month,
  day_type,
  local_hour,
  CAST(hours AS BIGINT) AS hours,
  kwh(rounded_quotient(micro_kwh(total_kwh), hours)) AS mean_kwh,
  CAST(try_element_at(quantiles_kwh, 1) AS DECIMAL(18, 6)) AS p10_kwh,
  CAST(try_element_at(quantiles_kwh, 2) AS DECIMAL(18, 6)) AS median_kwh,
  CAST(try_element_at(quantiles_kwh, 3) AS DECIMAL(18, 6)) AS p90_kwh
FROM hour
