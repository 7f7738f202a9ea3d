-- Plain lists of prices, whose starts have their offset.
WITH cut AS (
  SELECT
    list.*,
    trim(list.bidding_zone) AS zone,
    mark_of(setting.decimal_mark, list.decimal_mark) AS mark,
    nullif(trim(list.price_eur_mwh), '') AS price_text,
    nullif(trim(list.interval_minutes), '') AS minutes_text,
    iso_stamp(list.interval_start, 'iso') AS stamp
  FROM bronze.price_list AS list
  LEFT JOIN bronze.source AS setting ON setting.source = list.source
),
timed AS (
  SELECT
    *,
    whole_number(minutes_text, mark) AS minutes,
    measure_of(price_text, mark) AS price,
    whole_minutes(instant_seconds(stamp)) AS start_min
  FROM cut
)
SELECT
  source,
  zone AS bidding_zone,
  start_min AS interval_min,
  CAST(CASE WHEN minutes IN (15, 30, 60) THEN minutes END AS INTEGER) AS interval_minutes,
  price AS price_eur_mwh,
  false AS is_repeated,
  CAST(NULL AS BIGINT) AS revision,
  CASE
    WHEN coalesce(zone, '') = '' THEN 'bidding zone missing'
    WHEN stamp IS NULL THEN 'start unreadable: ' || coalesce(interval_start, 'none')
    WHEN stamp_offset(stamp) IS NULL THEN 'start without an offset: ' || interval_start
    WHEN start_min IS NULL THEN 'start not on the minute: ' || interval_start
    WHEN coalesce(minutes, 0) NOT IN (15, 30, 60) THEN 'length not known: ' || coalesce(interval_minutes, 'none')
    WHEN price IS NULL THEN 'price ' || coalesce(number_fault(price_text, mark), 'missing')
  END AS problem,
  market_date,
  arrival,
  file,
  sha256,
  row_number
FROM timed
