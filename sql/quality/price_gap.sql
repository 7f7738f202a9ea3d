-- Days of the market on which a bidding zone lacks prices at a resolution that it has some of: how many the day has room for, and how many
-- there are. A price that is missing stays so: none is made up.
-- key: bidding_zone, market_date, interval_minutes
-- increment: market_date
WITH present AS (
  SELECT bidding_zone, market_date, interval_minutes, count(*) AS present_intervals
  FROM silver.price
  GROUP BY bidding_zone, market_date, interval_minutes
),
counted AS (
  SELECT present.*, quotient(length.day_minutes, present.interval_minutes) AS expected_intervals
  FROM present
  JOIN silver.day_length AS length
    ON length.tz = 'Europe/Brussels'
    AND length.day_start_min = 0
    AND length.local_date = present.market_date
    AND length.res_min = 60
)
SELECT
  bidding_zone,
  market_date,
  interval_minutes,
  CAST(expected_intervals AS INTEGER) AS expected_intervals,
  CAST(present_intervals AS INTEGER) AS present_intervals
FROM counted
WHERE present_intervals < expected_intervals
