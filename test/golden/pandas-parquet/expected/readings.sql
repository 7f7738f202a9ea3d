SELECT meter_id, count(*), CAST(min(interval_start) AS VARCHAR), CAST(max(interval_start) AS VARCHAR), CAST(sum(energy_kwh) AS VARCHAR)
FROM silver.reading GROUP BY meter_id ORDER BY meter_id
