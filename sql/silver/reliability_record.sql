-- What became of each row of published reliability: kept, superseded by a newer arrival of the same area and year, repeated in one
-- file, or rejected, and why. The same area and year twice in one file, with other values, is rejected, both, and supersedes nothing.
-- key: arrival, row_number
WITH judged AS (
  SELECT
    *,
    CASE
      WHEN coalesce(area, '') = '' OR coalesce(state, '') = '' THEN 'area missing'
      WHEN year IS NULL THEN 'year unreadable, or outside 1970 to 2100: ' || coalesce(year_text, 'none')
      WHEN problem IS NOT NULL THEN problem
      WHEN least(coalesce(saidi_all_minutes, 0), coalesce(saifi_all, 0), coalesce(caidi_all_minutes, 0), coalesce(saidi_without_med_minutes, 0), coalesce(saifi_without_med, 0), coalesce(caidi_without_med_minutes, 0), coalesce(saidi_without_supply_minutes, 0), coalesce(saifi_without_supply, 0), coalesce(caidi_without_supply_minutes, 0)) < 0 OR customers < 0 THEN 'negative value'
    END AS fault,
    coalesce(CAST(customers AS STRING), '')
      || ' ' || coalesce(CAST(saidi_all_minutes AS STRING), '')
      || ' ' || coalesce(CAST(saifi_all AS STRING), '')
      || ' ' || coalesce(CAST(caidi_all_minutes AS STRING), '')
      || ' ' || coalesce(CAST(saidi_without_med_minutes AS STRING), '')
      || ' ' || coalesce(CAST(saifi_without_med AS STRING), '')
      || ' ' || coalesce(CAST(caidi_without_med_minutes AS STRING), '')
      || ' ' || coalesce(CAST(saidi_without_supply_minutes AS STRING), '')
      || ' ' || coalesce(CAST(saifi_without_supply AS STRING), '')
      || ' ' || coalesce(CAST(caidi_without_supply_minutes AS STRING), '') AS told
  FROM silver.reliability_row
),
compared AS (
  SELECT
    *,
    fault IS NULL AND min(told) OVER same_file <> max(told) OVER same_file AS is_contradictory,
    row_number() OVER (PARTITION BY source, area, state, year, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY source, area, state, year, arrival, fault IS NULL)
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN arrival END) OVER (PARTITION BY source, area, state, year) AS newest
  FROM compared
)
SELECT
  source,
  level,
  area,
  name,
  state,
  year,
  customers,
  saidi_all_minutes,
  saifi_all,
  caidi_all_minutes,
  saidi_without_med_minutes,
  saifi_without_med,
  caidi_without_med_minutes,
  saidi_without_supply_minutes,
  saifi_without_supply,
  caidi_without_supply_minutes,
  CASE
    WHEN fault IS NOT NULL OR is_contradictory THEN 'rejected'
    WHEN arrival < newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  CASE WHEN is_contradictory THEN 'year told twice in one file, differently: ' || area || ' ' || year_text ELSE fault END AS reason,
  arrival,
  file,
  sha256,
  row_number
FROM settled
