-- Every day-ahead price that arrived, of all formats in one shape: a bidding zone, the start of an interval in minutes since 1970, its
-- length and the price. problem says what of it can't be read.
-- stored: no
WITH cut AS (
  SELECT
    point.*,
    coalesce(zone.bidding_zone, nullif(trim(point.in_domain), '')) AS bidding_zone,
    CASE point.resolution WHEN 'PT15M' THEN 15 WHEN 'PT30M' THEN 30 WHEN 'PT60M' THEN 60 END AS interval_minutes,
    whole_number(point.position) AS place,
    try_cast(point.price AS DECIMAL(18, 6)) AS price_eur_mwh,
    CASE WHEN point.period_start LIKE '____-__-__T__:__%' THEN unix_date(try_cast(substr(point.period_start, 1, 10) AS DATE)) END AS start_day,
    try_cast(substr(point.period_start, 12, 2) AS INTEGER) AS start_hour,
    try_cast(substr(point.period_start, 15, 2) AS INTEGER) AS start_minute,
    regexp_extract(point.period_start, '^.{16}(:00)?(Z|[+-][0-9]{2}:?[0-9]{2})$', 2) AS start_offset_text,
    CASE WHEN point.period_end LIKE '____-__-__T__:__%' THEN unix_date(try_cast(substr(point.period_end, 1, 10) AS DATE)) END AS end_day,
    try_cast(substr(point.period_end, 12, 2) AS INTEGER) AS end_hour,
    try_cast(substr(point.period_end, 15, 2) AS INTEGER) AS end_minute,
    regexp_extract(point.period_end, '^.{16}(:00)?(Z|[+-][0-9]{2}:?[0-9]{2})$', 2) AS end_offset_text
  FROM bronze.price_point AS point
  LEFT JOIN silver.bidding_zone AS zone ON zone.eic = trim(point.in_domain)
),
timed AS (
  SELECT
    *,
    CASE WHEN start_hour BETWEEN 0 AND 23 AND start_minute BETWEEN 0 AND 59 THEN
      CAST(start_day * CAST(1440 AS BIGINT) + start_hour * 60 + start_minute AS BIGINT) - CASE WHEN start_offset_text = 'Z' THEN 0 WHEN start_offset_text <> '' THEN
        CAST(substr(start_offset_text, 1, 1) || '1' AS INTEGER) * (60 * CAST(substr(start_offset_text, 2, 2) AS INTEGER) + CAST(substr(replace(start_offset_text, ':', ''), 4, 2) AS INTEGER)) END END AS start_min,
    CASE WHEN end_hour BETWEEN 0 AND 23 AND end_minute BETWEEN 0 AND 59 THEN
      CAST(end_day * CAST(1440 AS BIGINT) + end_hour * 60 + end_minute AS BIGINT) - CASE WHEN end_offset_text = 'Z' THEN 0 WHEN end_offset_text <> '' THEN
        CAST(substr(end_offset_text, 1, 1) || '1' AS INTEGER) * (60 * CAST(substr(end_offset_text, 2, 2) AS INTEGER) + CAST(substr(replace(end_offset_text, ':', ''), 4, 2) AS INTEGER)) END END AS end_min
  FROM cut
)
SELECT
  source,
  bidding_zone,
  CASE WHEN place BETWEEN 1 AND 40000 THEN CAST(start_min + (place - 1) * interval_minutes AS BIGINT) END AS interval_min,
  CAST(interval_minutes AS INTEGER) AS interval_minutes,
  price_eur_mwh,
  is_repeated,
  CASE
    WHEN bidding_zone IS NULL THEN 'bidding zone missing'
    WHEN start_min IS NULL THEN 'period start unreadable, or without an offset: ' || coalesce(period_start, 'none')
    WHEN end_min IS NULL THEN 'period end unreadable, or without an offset: ' || coalesce(period_end, 'none')
    WHEN interval_minutes IS NULL THEN 'resolution not known: ' || coalesce(resolution, 'none')
    WHEN place IS NULL THEN 'position is no whole number: ' || coalesce(position, 'none')
    WHEN place NOT BETWEEN 1 AND 40000 OR start_min + place * interval_minutes > end_min THEN 'position outside its period: ' || position
    WHEN coalesce(currency, '') <> 'EUR' THEN 'currency is not EUR: ' || coalesce(currency, 'none')
    WHEN coalesce(measure_unit, '') <> 'MWH' THEN 'unit is not MWH: ' || coalesce(measure_unit, 'none')
    WHEN coalesce(curve_type, '') NOT IN ('A01', 'A03') THEN 'curve type not known: ' || coalesce(curve_type, 'none')
    WHEN coalesce(auction, '1') <> '1' THEN 'of another auction: ' || auction
    WHEN price_eur_mwh IS NULL THEN 'price is no number: ' || coalesce(price, 'none')
  END AS problem,
  market_date,
  arrival,
  file,
  sha256,
  row_number
FROM timed
