-- Points of ENTSO-E's day-ahead price documents as they came, each value as text; is_repeated is true of those that a curve of type A03
-- leaves out because they say the same as the one before. market_date is the date of the point's start by the market's clock,
-- Brussels'; of a point whose start can't be read, 1969-12-31.
-- key: arrival, row_number
-- format: entsoe
-- required: document_id VARCHAR, created_at VARCHAR, in_domain VARCHAR, currency VARCHAR, measure_unit VARCHAR, curve_type VARCHAR, auction VARCHAR, period_start VARCHAR, period_end VARCHAR, resolution VARCHAR, position VARCHAR, price VARCHAR, is_repeated VARCHAR
SELECT
  document_id,
  created_at,
  in_domain,
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
