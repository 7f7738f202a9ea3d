-- Utilities, by EIA's number and state; CAIDI isn't published of them, nor what loss of supply removed would leave.
SELECT
  source,
  'utility' AS level,
  trim(utility_number) AS area,
  trim(utility_name) AS name,
  trim(state) AS state,
  CASE WHEN whole_number(trim(year)) BETWEEN 1970 AND 2100 THEN CAST(whole_number(trim(year)) AS INTEGER) END AS year,
  year AS year_text,
  whole_number(trim(customers)) AS customers,
  try_cast(nullif(trim(saidi_with_med_minutes), '') AS DECIMAL(18, 6)) AS saidi_all_minutes,
  try_cast(nullif(trim(saifi_with_med), '') AS DECIMAL(18, 6)) AS saifi_all,
  CAST(NULL AS DECIMAL(18, 6)) AS caidi_all_minutes,
  try_cast(nullif(trim(saidi_without_med_minutes), '') AS DECIMAL(18, 6)) AS saidi_without_med_minutes,
  try_cast(nullif(trim(saifi_without_med), '') AS DECIMAL(18, 6)) AS saifi_without_med,
  CAST(NULL AS DECIMAL(18, 6)) AS caidi_without_med_minutes,
  CAST(NULL AS DECIMAL(18, 6)) AS saidi_without_supply_minutes,
  CAST(NULL AS DECIMAL(18, 6)) AS saifi_without_supply,
  CAST(NULL AS DECIMAL(18, 6)) AS caidi_without_supply_minutes,
  CASE
    WHEN trim(saidi_with_med_minutes) <> '' AND try_cast(nullif(trim(saidi_with_med_minutes), '') AS DECIMAL(18, 6)) IS NULL THEN 'saidi_with_med_minutes is no number: ' || saidi_with_med_minutes
    WHEN trim(saifi_with_med) <> '' AND try_cast(nullif(trim(saifi_with_med), '') AS DECIMAL(18, 6)) IS NULL THEN 'saifi_with_med is no number: ' || saifi_with_med
    WHEN trim(saidi_without_med_minutes) <> '' AND try_cast(nullif(trim(saidi_without_med_minutes), '') AS DECIMAL(18, 6)) IS NULL THEN 'saidi_without_med_minutes is no number: ' || saidi_without_med_minutes
    WHEN trim(saifi_without_med) <> '' AND try_cast(nullif(trim(saifi_without_med), '') AS DECIMAL(18, 6)) IS NULL THEN 'saifi_without_med is no number: ' || saifi_without_med
    WHEN trim(customers) <> '' AND whole_number(trim(customers)) IS NULL THEN 'customers is no whole number: ' || customers
  END AS problem,
  arrival,
  file,
  sha256,
  row_number
FROM bronze.reliability_utility
