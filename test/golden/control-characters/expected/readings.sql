SELECT client_id, meter_id, count(*) AS readings, sum(energy_kwh) AS energy_kwh
FROM silver.reading
GROUP BY ALL
ORDER BY ALL
