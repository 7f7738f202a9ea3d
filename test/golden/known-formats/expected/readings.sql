SELECT client_id, meter_id, fuel, channel, CAST(local_date AS VARCHAR) AS local_date, res_min, CAST(count(*) AS INTEGER) AS readings,
  CAST(count(*) FILTER (quality = 'estimated') AS INTEGER) AS estimated,
  strftime(timezone('UTC', min(interval_start)), '%Y-%m-%d %H:%M') AS first,
  strftime(timezone('UTC', max(interval_start)), '%Y-%m-%d %H:%M') AS last,
  string_agg(CAST(energy_kwh AS VARCHAR), ' ' ORDER BY interval_start) AS kwh
FROM silver.reading
WHERE client_id <> 'sample'
GROUP BY client_id, meter_id, fuel, channel, local_date, res_min
ORDER BY concat_ws('|', client_id, meter_id, fuel, channel, local_date, lpad(coalesce(CAST(res_min AS VARCHAR), ''), 5, ' '))
