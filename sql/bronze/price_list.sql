-- Day-ahead prices as plain lists of them came, each value as text. market_date is the date of interval_start by the market's clock,
-- Brussels'; of a start that can't be read, 1969-12-31.
-- key: arrival, row_number
-- format: csv
-- numbers: interval_minutes, price_eur_mwh
-- required: bidding_zone VARCHAR, interval_start VARCHAR, interval_minutes VARCHAR, price_eur_mwh VARCHAR
SELECT
  bidding_zone,
  interval_start,
  interval_minutes,
  price_eur_mwh,
  coalesce(CAST(timezone('Europe/Brussels', to_timestamp(instant_seconds(iso_stamp(interval_start, 'iso')))) AS DATE), DATE '1969-12-31') AS market_date,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
