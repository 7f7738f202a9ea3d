SELECT meter_id, count(*), min(interval_start), max(interval_start), sum(energy_kwh) FROM silver.reading GROUP BY meter_id ORDER BY meter_id
