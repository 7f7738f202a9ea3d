-- A day of the market has prices for all of its intervals: 23, 24 or 25 hours, 92, 96 or 100 quarters.
-- severity: warn
-- column: present_intervals
SELECT bidding_zone, market_date, interval_minutes, expected_intervals, present_intervals
FROM quality.price_gap
ORDER BY bidding_zone, market_date, interval_minutes
