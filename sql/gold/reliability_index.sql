-- The indices of IEEE 1366 of a utility's year from its own log, of all events and without its Major Event Days: SAIDI, SAIFI and CAIDI of
-- sustained interruptions; MAIFI of the others, those of five minutes at most. Without Major Event Days only for years that
-- have a threshold of them, made from threshold_years; their number is NULL in the others, as nobody knows it.
-- key: source, utility_id, year, basis
WITH basis AS (
  SELECT 'all events' AS basis, false AS is_without
  UNION ALL
  SELECT 'without major event days', true
),
counted AS (
  SELECT
    served.source,
    served.utility_id,
    served.year,
    basis.basis,
    served.customers_served,
    max(threshold.threshold_years) AS threshold_years,
    CASE WHEN max(threshold.t_med_minutes) IS NOT NULL THEN sum(CASE WHEN day.is_major_event_day THEN 1 ELSE 0 END) END AS major_event_days,
    coalesce(sum(CASE WHEN basis.is_without AND day.is_major_event_day THEN 0 ELSE day.customers_interrupted END), 0) AS customers_interrupted,
    coalesce(sum(CASE WHEN basis.is_without AND day.is_major_event_day THEN 0 ELSE day.customer_seconds END), 0) AS customer_seconds
  FROM silver.utility_year AS served
  CROSS JOIN basis
  LEFT JOIN gold.interruption_day AS day
    ON day.source = served.source AND day.utility_id = served.utility_id AND day.year = served.year
  LEFT JOIN gold.major_event_threshold AS threshold
    ON threshold.source = served.source AND threshold.utility_id = served.utility_id AND threshold.year = served.year
  WHERE NOT basis.is_without OR threshold.t_med_minutes IS NOT NULL
  GROUP BY served.source, served.utility_id, served.year, basis.basis, served.customers_served
),
momentary AS (
  SELECT
    interruption.source,
    interruption.utility_id,
    interruption.year,
    sum(interruption.customers_interrupted) AS all_customers,
    sum(CASE WHEN day.is_major_event_day THEN 0 ELSE interruption.customers_interrupted END) AS other_customers
  FROM silver.interruption AS interruption
  LEFT JOIN gold.interruption_day AS day
    ON day.source = interruption.source AND day.utility_id = interruption.utility_id AND day.local_date = interruption.local_date
  WHERE NOT interruption.is_sustained
  GROUP BY interruption.source, interruption.utility_id, interruption.year
)
SELECT
  counted.source,
  counted.utility_id,
  counted.year,
  counted.basis,
  counted.customers_served,
  CAST(counted.threshold_years AS INTEGER) AS threshold_years,
  CAST(counted.major_event_days AS BIGINT) AS major_event_days,
  CAST(counted.customers_interrupted AS BIGINT) AS customers_interrupted,
  CAST(rounded_quotient(counted.customer_seconds, 60) AS BIGINT) AS customer_minutes,
  CAST(mean_of(counted.customer_seconds, counted.customers_served * 60) AS DECIMAL(18, 6)) AS saidi_minutes,
  CAST(mean_of(counted.customers_interrupted, counted.customers_served) AS DECIMAL(18, 6)) AS saifi,
  CAST(mean_of(counted.customer_seconds, counted.customers_interrupted * 60) AS DECIMAL(18, 6)) AS caidi_minutes,
  CAST(mean_of(coalesce(CASE WHEN counted.basis = 'all events' THEN momentary.all_customers ELSE momentary.other_customers END, 0), counted.customers_served) AS DECIMAL(18, 6)) AS maifi
FROM counted
LEFT JOIN momentary
  ON momentary.source = counted.source AND momentary.utility_id = counted.utility_id AND momentary.year = counted.year
