-- Every half hour is supplied under an agreement for a product that is known.
-- severity: warn
-- column: reason
SELECT meterpoint_id, local_date, reason, count(*) AS half_hours, sum(energy_kwh) AS energy_kwh
FROM quality.uncovered_half_hour
GROUP BY meterpoint_id, local_date, reason
ORDER BY meterpoint_id, local_date
