SELECT meter_id, channel, CAST(count(*) AS INTEGER) AS readings, CAST(sum(energy_kwh) AS VARCHAR) AS kwh,
  CAST(count(*) FILTER (quality = 'estimated') AS INTEGER) AS estimated,
  -- The two days of 2011 on which the clock changes.
  CAST(count(*) FILTER (local_date = DATE '2011-03-13') AS INTEGER) AS in_march,
  CAST(sum(energy_kwh) FILTER (local_date = DATE '2011-03-13') AS VARCHAR) AS kwh_in_march,
  CAST(count(*) FILTER (local_date = DATE '2011-11-06') AS INTEGER) AS in_november,
  CAST(sum(energy_kwh) FILTER (local_date = DATE '2011-11-06') AS VARCHAR) AS kwh_in_november
FROM silver.reading
WHERE client_id = 'sample'
GROUP BY meter_id, channel
ORDER BY meter_id, channel
