-- Reliability of a US state in a month in major outages alone: customers affected, customer-minutes, and SAIDI, SAIFI and CAIDI by them.
-- An event counts in the month of its local start. Its customers are taken as out from its start to its restoration, so minutes are the most they can
-- be; an event whose customers or whose duration isn't known adds none, and is counted beside. CAIDI is a mean over the customers
-- whose duration is known.
-- key: source, state, month
SELECT
  source,
  state,
  month,
  CAST(count(*) AS BIGINT) AS events,
  CAST(count(*) - count(customers_affected) AS BIGINT) AS events_without_customers,
  CAST(count(*) - count(elapsed_minutes) AS BIGINT) AS events_without_duration,
  CAST(sum(customers_affected) AS BIGINT) AS customers_affected,
  CAST(sum(customers_affected * elapsed_minutes) AS BIGINT) AS customer_minutes,
  max(customers_served) AS customers_served,
  CAST(mean_of(sum(customers_affected * elapsed_minutes), max(customers_served)) AS DECIMAL(18, 6)) AS saidi_minutes,
  CAST(mean_of(sum(customers_affected), max(customers_served)) AS DECIMAL(18, 6)) AS saifi,
  CAST(mean_of(sum(customers_affected * elapsed_minutes), sum(CASE WHEN elapsed_minutes IS NOT NULL THEN customers_affected END)) AS DECIMAL(18, 6)) AS caidi_minutes
FROM (SELECT *, month_of(local_date) AS month FROM silver.outage WHERE local_date IS NOT NULL) AS event
GROUP BY source, state, month
