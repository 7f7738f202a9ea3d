-- The day-ahead price of an interval in a bidding zone, at its own resolution: 60 minutes until 2025-09-30 where Europe's day-ahead market
-- is coupled, 15 since. It may be negative. A price is of the whole interval: it is never shared out over parts of it, and
-- never added up. market_date is the date by the market's clock, Brussels', whose days have 23, 24 or 25 hours; is_repeated is
-- true where a document left the price out as that of the interval before.
-- key: bidding_zone, interval_start, interval_minutes
-- increment: market_date
SELECT
  bidding_zone,
  interval_start,
  interval_minutes,
  price_eur_mwh,
  is_repeated,
  source,
  arrival,
  row_number,
  market_date,
  month
FROM silver.price_record
WHERE fate = 'kept'
