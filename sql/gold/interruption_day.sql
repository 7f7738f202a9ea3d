-- One row a utility and local day on which sustained interruptions start: its SAIDI, and whether it is a Major Event Day, above T_MED. All
-- of an interruption's minutes are the day's it starts on, those of its steps added up. NULL where no year of the five before has a log.
-- key: source, utility_id, local_date
WITH day AS (
  SELECT
    source,
    utility_id,
    year,
    local_date,
    count(DISTINCT interruption_id) AS interruptions,
    sum(customers_interrupted) AS customers_interrupted,
    sum(customers_interrupted * elapsed_seconds) AS customer_seconds
  FROM silver.interruption
  WHERE is_sustained
  GROUP BY source, utility_id, year, local_date
)
SELECT
  day.source,
  day.utility_id,
  day.local_date,
  day.year,
  CAST(day.interruptions AS BIGINT) AS interruptions,
  CAST(day.customers_interrupted AS BIGINT) AS customers_interrupted,
  CAST(rounded_quotient(day.customer_seconds, 60) AS BIGINT) AS customer_minutes,
  CAST(day.customer_seconds AS BIGINT) AS customer_seconds,
  served.customers_served,
  CAST(mean_of(day.customer_seconds, served.customers_served * 60) AS DECIMAL(18, 6)) AS saidi_minutes,
  threshold.t_med_minutes,
  threshold.threshold_years,
  day.customer_seconds > threshold.t_med_minutes * served.customers_served * 60 AS is_major_event_day
FROM day
JOIN silver.utility_year AS served
  ON served.source = day.source AND served.utility_id = day.utility_id AND served.year = day.year
LEFT JOIN gold.major_event_threshold AS threshold
  ON threshold.source = day.source AND threshold.utility_id = day.utility_id AND threshold.year = day.year
