SELECT meter_id, sum(energy_kwh) AS energy_kwh, max(energy_kwh) AS most_kwh
FROM silver.reading
GROUP BY meter_id
ORDER BY meter_id
