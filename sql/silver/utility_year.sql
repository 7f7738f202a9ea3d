-- How many customers a utility serves in a year: the most that its log says of it.
-- key: source, utility_id, year
-- stored: no
SELECT source, utility_id, year, max(customers_served) AS customers_served
FROM silver.interruption
GROUP BY source, utility_id, year
