-- Plain lists of prices, whose starts are ISO 8601's with their offset.
WITH cut AS (
  SELECT
    *,
    trim(bidding_zone) AS zone,
    whole_number(trim(interval_minutes)) AS minutes,
    try_cast(trim(price_eur_mwh) AS DECIMAL(18, 6)) AS price,
    CASE WHEN interval_start LIKE '____-__-__T__:__%' THEN unix_date(try_cast(substr(interval_start, 1, 10) AS DATE)) END AS day,
    try_cast(substr(interval_start, 12, 2) AS INTEGER) AS hour,
    try_cast(substr(interval_start, 15, 2) AS INTEGER) AS minute,
    regexp_extract(interval_start, '^.{16}(:00)?(Z|[+-][0-9]{2}:?[0-9]{2})$', 2) AS offset_text
  FROM bronze.price_list
),
timed AS (
  SELECT
    *,
    CASE WHEN hour BETWEEN 0 AND 23 AND minute BETWEEN 0 AND 59 THEN
      CAST(day * CAST(1440 AS BIGINT) + hour * 60 + minute AS BIGINT) - CASE WHEN offset_text = 'Z' THEN 0 WHEN offset_text <> '' THEN
        CAST(substr(offset_text, 1, 1) || '1' AS INTEGER) * (60 * CAST(substr(offset_text, 2, 2) AS INTEGER) + CAST(substr(replace(offset_text, ':', ''), 4, 2) AS INTEGER)) END END AS start_min
  FROM cut
)
SELECT
  source,
  zone AS bidding_zone,
  start_min AS interval_min,
  CAST(CASE WHEN minutes IN (15, 30, 60) THEN minutes END AS INTEGER) AS interval_minutes,
  price AS price_eur_mwh,
  false AS is_repeated,
  CASE
    WHEN coalesce(zone, '') = '' THEN 'bidding zone missing'
    WHEN start_min IS NULL THEN 'start unreadable, or without an offset: ' || coalesce(interval_start, 'none')
    WHEN coalesce(minutes, 0) NOT IN (15, 30, 60) THEN 'length not known: ' || coalesce(interval_minutes, 'none')
    WHEN price IS NULL THEN 'price is no number: ' || coalesce(price_eur_mwh, 'none')
  END AS problem,
  market_date,
  arrival,
  file,
  sha256,
  row_number
FROM timed
