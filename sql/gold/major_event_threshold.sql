-- The threshold of a utility's Major Event Days in a year, by IEEE 1366's method of 2.5 beta: of the daily SAIDI of the five years before,
-- days without a sustained interruption left out, alpha is the mean and beta the sample deviation of the natural logarithms, and
-- T_MED = exp(alpha + 2.5 beta). Logarithms are rounded to nine decimals, T_MED to six, so that every engine finds the same.
-- Only for years with a log of each of the five before.
-- key: source, utility_id, year
WITH day AS (
  SELECT
    interruption.source,
    interruption.utility_id,
    interruption.year,
    interruption.local_date,
    ln_of(sum(interruption.customers_interrupted * interruption.elapsed_minutes)) - ln_of(max(served.customers_served)) AS ln_saidi
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
    count(*) AS days,
    sum(day.ln_saidi) AS total,
    sum(day.ln_saidi * day.ln_saidi) AS squares
  FROM silver.utility_year AS served
  JOIN day
    ON day.source = served.source AND day.utility_id = served.utility_id AND day.year BETWEEN served.year - 5 AND served.year - 1
  GROUP BY served.source, served.utility_id, served.year
  HAVING count(DISTINCT day.year) = 5
),
described AS (
  SELECT *, mean_of_logs(total, days) AS alpha, deviation_of_logs(total, squares, days) AS beta
  FROM summed
)
SELECT
  source,
  utility_id,
  year,
  CAST(days AS BIGINT) AS days,
  alpha,
  beta,
  exp_of(alpha + CAST(2.5 AS DECIMAL(2, 1)) * beta) AS t_med_minutes
FROM described
