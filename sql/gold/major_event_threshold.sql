-- The threshold of a utility's Major Event Days in a year, by IEEE 1366's method of 2.5 beta: of the daily SAIDI of the five years before,
-- days without a sustained interruption left out, alpha is the mean and beta the sample deviation of the natural logarithms, and
-- T_MED = exp(alpha + 2.5 beta). Logarithms are rounded to nine decimals, T_MED to six, so that every engine finds the same.
-- Of a utility with fewer than five years before, those there are; threshold_years says how many. NULL where they have too few days
-- for a deviation.
-- key: source, utility_id, year
WITH day AS (
  SELECT
    interruption.source,
    interruption.utility_id,
    interruption.year,
    interruption.local_date,
    ln_of(sum(interruption.customers_interrupted * interruption.elapsed_seconds)) - ln_of(max(served.customers_served) * 60) AS ln_saidi
  FROM silver.interruption AS interruption
  JOIN silver.utility_year AS served
    ON served.source = interruption.source AND served.utility_id = interruption.utility_id AND served.year = interruption.year
  WHERE interruption.is_sustained AND interruption.customers_interrupted > 0
  GROUP BY interruption.source, interruption.utility_id, interruption.year, interruption.local_date
),
summed AS (
  SELECT
    served.source,
    served.utility_id,
    served.year,
    count(DISTINCT day.year) AS threshold_years,
    count(*) AS days,
    sum(day.ln_saidi) AS total,
    sum(day.ln_saidi * day.ln_saidi) AS squares
  FROM silver.utility_year AS served
  JOIN day
    ON day.source = served.source AND day.utility_id = served.utility_id AND day.year BETWEEN served.year - 5 AND served.year - 1
  GROUP BY served.source, served.utility_id, served.year
),
described AS (
  SELECT *, mean_of_logs(total, days) AS alpha, deviation_of_logs(total, squares, days) AS beta
  FROM summed
)
SELECT
  source,
  utility_id,
  year,
  CAST(threshold_years AS INTEGER) AS threshold_years,
  CAST(days AS BIGINT) AS days,
  alpha,
  beta,
  exp_of(alpha + CAST(2.5 AS DECIMAL(2, 1)) * beta) AS t_med_minutes
FROM described
