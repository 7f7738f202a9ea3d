-- Every day-ahead price that arrived, of all formats in one shape: a bidding zone, the start of an interval in minutes since 1970, its
-- length and the price. problem says what of it can't be read, or that it is no day-ahead price. revision orders the versions of a
-- price as their documents do, by when they were made and then by their number; NULL where a format says neither.
-- stored: no
WITH cut AS (
  SELECT
    point.*,
    coalesce(zone.bidding_zone, nullif(trim(point.in_domain), '')) AS bidding_zone,
    CASE point.resolution WHEN 'PT15M' THEN 15 WHEN 'PT30M' THEN 30 WHEN 'PT60M' THEN 60 END AS interval_minutes,
    whole_number(trim(point.position), '.') AS place,
    nullif(trim(point.price), '') AS price_text,
    whole_minutes(instant_seconds(iso_stamp(point.period_start, 'iso'))) AS start_min,
    whole_minutes(instant_seconds(iso_stamp(point.period_end, 'iso'))) AS end_min
  FROM bronze.price_point AS point
  LEFT JOIN silver.bidding_zone AS zone ON zone.eic = trim(point.in_domain)
),
timed AS (
  SELECT *, measure_of(price_text, '.') AS price_eur_mwh
  FROM cut
)
SELECT
  source,
  bidding_zone,
  CASE WHEN place BETWEEN 1 AND 40000 THEN CAST(start_min + (place - 1) * interval_minutes AS BIGINT) END AS interval_min,
  CAST(interval_minutes AS INTEGER) AS interval_minutes,
  price_eur_mwh,
  is_repeated,
  instant_seconds(iso_stamp(created_at, 'iso')) * 1000 + least(greatest(coalesce(whole_number(trim(revision), '.'), 0), 0), 999) AS revision,
  CASE
    WHEN coalesce(document_type, 'A44') <> 'A44' THEN 'no document of prices (A44): type ' || document_type
    WHEN coalesce(contract_type, 'A01') <> 'A01'
      THEN 'no day-ahead price: contract_MarketAgreement.type ' || contract_type || CASE contract_type WHEN 'A07' THEN ' (intraday)' ELSE '' END
    WHEN coalesce(auction_type, 'A01') <> 'A01'
      THEN 'no price of the coupled market: auction.type ' || auction_type || CASE auction_type WHEN 'A02' THEN ' (explicit)' ELSE '' END
    WHEN coalesce(business_type, 'A62') <> 'A62' THEN 'no spot price: businessType ' || business_type
    WHEN coalesce(trim(out_domain), trim(in_domain)) <> trim(in_domain) THEN 'price of a border, not of a zone: ' || trim(in_domain) || ' to ' || trim(out_domain)
    WHEN bidding_zone IS NULL THEN 'bidding zone missing'
    WHEN start_min IS NULL THEN 'period start unreadable, or without an offset: ' || coalesce(period_start, 'none')
    WHEN end_min IS NULL THEN 'period end unreadable, or without an offset: ' || coalesce(period_end, 'none')
    WHEN interval_minutes IS NULL THEN 'resolution not known: ' || coalesce(resolution, 'none')
    WHEN place IS NULL THEN 'position is no whole number: ' || coalesce(position, 'none')
    WHEN place NOT BETWEEN 1 AND 40000 OR start_min + place * interval_minutes > end_min THEN 'position outside its period: ' || position
    WHEN coalesce(currency, '') <> 'EUR' THEN 'currency is not EUR: ' || coalesce(currency, 'none')
    WHEN coalesce(measure_unit, '') <> 'MWH' THEN 'unit is not MWH: ' || coalesce(measure_unit, 'none')
    WHEN coalesce(curve_type, '') NOT IN ('A01', 'A03') THEN 'curve type not known: ' || coalesce(curve_type, 'none')
    WHEN coalesce(auction, '1') <> '1' THEN 'of another auction: classificationSequence ' || auction
    WHEN price_eur_mwh IS NULL THEN 'price ' || coalesce(number_fault(price_text, '.'), 'missing')
  END AS problem,
  market_date,
  arrival,
  file,
  sha256,
  row_number
FROM timed
