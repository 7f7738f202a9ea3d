SELECT CAST(local_date AS VARCHAR), channel, count(*)::INT, CAST(sum(energy_kwh) AS VARCHAR) FROM silver.reading GROUP BY ALL ORDER BY ALL
