-- The typical day of a meter, fuel and channel in a month: the energy of its hours by weekday or weekend and local hour.
-- A quantile is the least hour that at least so many hours don't exceed (percentile_disc), so it is one of them; the
-- mean is rounded half up.
-- key: client_id, meter_id, fuel, channel, month, day_type, local_hour
-- partition: month
-- increment: month
WITH hour AS (
  SELECT client_id, meter_id, fuel, channel, month,
    CASE WHEN iso_weekday(local_date) > 5 THEN 'weekend' ELSE 'weekday' END AS day_type,
    local_hour, energy_kwh
  FROM gold.energy_hour
)
SELECT
  client_id,
  meter_id,
  fuel,
  channel,
  month,
  day_type,
  local_hour,
  CAST(count(*) AS BIGINT) AS hours,
  kwh(rounded_quotient(micro_kwh(sum(energy_kwh)), count(*))) AS mean_kwh,
  CAST(percentile_disc(0.1) WITHIN GROUP (ORDER BY energy_kwh) AS DECIMAL(18, 6)) AS p10_kwh,
  CAST(percentile_disc(0.5) WITHIN GROUP (ORDER BY energy_kwh) AS DECIMAL(18, 6)) AS median_kwh,
  CAST(percentile_disc(0.9) WITHIN GROUP (ORDER BY energy_kwh) AS DECIMAL(18, 6)) AS p90_kwh
FROM hour
GROUP BY client_id, meter_id, fuel, channel, month, day_type, local_hour
