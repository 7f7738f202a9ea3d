-- The hours around both changes: none at 03:00 on 27 March, two on 30 October.
SELECT CAST(local_date AS VARCHAR), local_hour, CAST(interval_start AS VARCHAR), CAST(energy_kwh AS VARCHAR), quality FROM silver.reading
WHERE local_date IN (DATE '2022-03-27', DATE '2022-10-30') AND local_hour BETWEEN 1 AND 5 ORDER BY interval_start
