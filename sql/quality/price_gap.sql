-- Days of the market on which a bidding zone lacks prices: at a resolution that the day has some of, or, between its first day and its
-- last, all of them, at the resolution of the day before. How many the day has room for, and how many there are. A price that is missing
-- stays so: none is made up. A calendar year without any price of any zone isn't looked at.
-- key: bidding_zone, market_date, interval_minutes
WITH present AS (
  SELECT bidding_zone, market_date, interval_minutes, count(*) AS present_intervals
  FROM silver.price
  GROUP BY bidding_zone, market_date, interval_minutes
),
day AS (
  SELECT bidding_zone, market_date, min(interval_minutes) AS interval_minutes
  FROM present
  GROUP BY bidding_zone, market_date
),
followed AS (
  SELECT *, lead(market_date) OVER (PARTITION BY bidding_zone ORDER BY market_date) AS next_date
  FROM day
),
length AS (
  SELECT local_date, day_minutes
  FROM silver.day_length
  WHERE tz = 'Europe/Brussels' AND day_start_min = 0 AND res_min = 60
),
counted AS (
  SELECT present.bidding_zone, present.market_date, present.interval_minutes, present.present_intervals,
    quotient(length.day_minutes, present.interval_minutes) AS expected_intervals
  FROM present
  JOIN length ON length.local_date = present.market_date
  UNION ALL
  SELECT followed.bidding_zone, length.local_date, followed.interval_minutes, 0, quotient(length.day_minutes, followed.interval_minutes)
  FROM followed
  JOIN length ON length.local_date > followed.market_date AND length.local_date < followed.next_date
)
SELECT
  bidding_zone,
  market_date,
  interval_minutes,
  CAST(expected_intervals AS INTEGER) AS expected_intervals,
  CAST(present_intervals AS INTEGER) AS present_intervals
FROM counted
WHERE present_intervals < expected_intervals
