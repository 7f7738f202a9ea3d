SELECT * FROM quality.price_gap ORDER BY bidding_zone, market_date, interval_minutes
