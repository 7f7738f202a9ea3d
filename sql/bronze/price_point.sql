-- Points of ENTSO-E's day-ahead price documents as they came, each value as text; is_repeated is true of those that a curve of type A03
-- leaves out because they say the same as the one before. revision and created_at are the document's; the types say what a series is:
-- contract_type A01 is day-ahead and A07 intraday, auction is the sequence of the day's auctions. market_date is the date of the point's start by the market's clock,
-- Brussels'; of a point whose start can't be read, 1969-12-31.
-- key: arrival, row_number
-- format: entsoe
-- required: document_id VARCHAR, document_type VARCHAR, revision VARCHAR, created_at VARCHAR, auction_type VARCHAR, business_type VARCHAR, contract_type VARCHAR, in_domain VARCHAR, out_domain VARCHAR, currency VARCHAR, measure_unit VARCHAR, curve_type VARCHAR, auction VARCHAR, period_start VARCHAR, period_end VARCHAR, resolution VARCHAR, position VARCHAR, price VARCHAR, is_repeated VARCHAR
SELECT
  document_id,
  document_type,
  revision,
  created_at,
  auction_type,
  business_type,
  contract_type,
  in_domain,
  out_domain,
  currency,
  measure_unit,
  curve_type,
  auction,
  period_start,
  period_end,
  resolution,
  position,
  price,
  coalesce(is_repeated = 'true', false) AS is_repeated,
  coalesce(
    CAST(timezone('Europe/Brussels', to_timestamp(instant_seconds(iso_stamp(period_start, 'iso')))
      + to_minutes((try_cast(position AS INTEGER) - 1) * CASE resolution WHEN 'PT15M' THEN 15 WHEN 'PT30M' THEN 30 WHEN 'PT60M' THEN 60 END)) AS DATE),
    DATE '1969-12-31') AS market_date,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
