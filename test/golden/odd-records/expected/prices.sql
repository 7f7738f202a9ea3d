SELECT bidding_zone, interval_start, interval_minutes, price_eur_mwh, is_repeated, market_date FROM silver.price ORDER BY bidding_zone, interval_start, interval_minutes
