SELECT meterpoint_id, reason, count(*) AS half_hours, sum(energy_kwh) AS energy_kwh FROM quality.uncovered_half_hour GROUP BY ALL ORDER BY ALL
