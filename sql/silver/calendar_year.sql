-- The local years that the arrived data spans, per zone and day start: those that silver.slot lists.
-- key: tz, day_start_min, year
-- shared: yes
SELECT DISTINCT tz, day_start_min, CAST(year(local_date) AS INTEGER) AS year
FROM silver.calendar_date
WHERE local_date BETWEEN DATE '1970-01-01' AND DATE '2100-12-31'
