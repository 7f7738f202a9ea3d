-- What became of each day-ahead price that arrived: kept, superseded by a newer version of the same interval, repeated in one file, or
-- rejected, and why. Of two versions the newer is the one whose document says so, and of others the one that arrived later. An interval twice in one file, at other prices, is rejected, both, and supersedes nothing.
-- key: arrival, row_number
-- increment: market_date
WITH judged AS (
  SELECT
    *,
    CASE
      WHEN problem IS NOT NULL THEN problem
      WHEN interval_min NOT BETWEEN 1440 AND 68897000 THEN 'date outside 1970 to 2100'
      WHEN interval_min % interval_minutes <> 0 THEN 'start not on the ' || CAST(interval_minutes AS STRING) || '-minute grid'
      WHEN abs(price_eur_mwh) > 20000 THEN 'price beyond what a market allows: ' || CAST(price_eur_mwh AS STRING)
    END AS fault
  FROM silver.price_row
),
compared AS (
  SELECT
    *,
    fault IS NULL AND min(price_eur_mwh) OVER same_file <> max(price_eur_mwh) OVER same_file AS is_contradictory,
    row_number() OVER (PARTITION BY bidding_zone, interval_min, interval_minutes, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY bidding_zone, interval_min, interval_minutes, arrival, fault IS NULL)
),
revised AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN revision END) OVER (PARTITION BY bidding_zone, interval_min, interval_minutes) AS last_revision
  FROM compared
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory AND coalesce(revision = last_revision, true) THEN arrival END)
      OVER (PARTITION BY bidding_zone, interval_min, interval_minutes) AS newest
  FROM revised
)
SELECT
  source,
  bidding_zone,
  CASE WHEN fault IS NULL THEN instant_at(interval_min) END AS interval_start,
  interval_minutes,
  price_eur_mwh,
  is_repeated,
  CASE
    WHEN fault IS NOT NULL OR is_contradictory THEN 'rejected'
    WHEN arrival <> newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  CASE WHEN is_contradictory THEN 'interval told twice in one file, at other prices' ELSE fault END AS reason,
  arrival,
  file,
  sha256,
  row_number,
  market_date,
  month_of(market_date) AS month
FROM settled
