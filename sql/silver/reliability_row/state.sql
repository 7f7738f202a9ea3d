-- Reliability of a state or a utility in a year as it arrived, of all formats in one shape: minutes and interruptions a customer, with
-- all events, without major event days, and with loss of supply removed. problem says what of it can't be read.
-- stored: no
SELECT
  source,
  'state' AS level,
  trim(state) AS area,
  trim(state) AS name,
  trim(state) AS state,
  CASE WHEN whole_number(trim(year)) BETWEEN 1970 AND 2100 THEN CAST(whole_number(trim(year)) AS INTEGER) END AS year,
  year AS year_text,
  CAST(NULL AS BIGINT) AS customers,
  try_cast(nullif(trim(saidi_all_events), '') AS DECIMAL(18, 6)) AS saidi_all_minutes,
  try_cast(nullif(trim(saifi_all_events), '') AS DECIMAL(18, 6)) AS saifi_all,
  try_cast(nullif(trim(caidi_all_events), '') AS DECIMAL(18, 6)) AS caidi_all_minutes,
  try_cast(nullif(trim(saidi_without_major_event_days), '') AS DECIMAL(18, 6)) AS saidi_without_med_minutes,
  try_cast(nullif(trim(saifi_without_major_event_days), '') AS DECIMAL(18, 6)) AS saifi_without_med,
  try_cast(nullif(trim(caidi_without_major_event_days), '') AS DECIMAL(18, 6)) AS caidi_without_med_minutes,
  try_cast(nullif(trim(saidi_loss_of_supply_removed), '') AS DECIMAL(18, 6)) AS saidi_without_supply_minutes,
  try_cast(nullif(trim(saifi_loss_of_supply_removed), '') AS DECIMAL(18, 6)) AS saifi_without_supply,
  try_cast(nullif(trim(caidi_loss_of_supply_removed), '') AS DECIMAL(18, 6)) AS caidi_without_supply_minutes,
  CASE
    WHEN trim(saidi_all_events) <> '' AND try_cast(nullif(trim(saidi_all_events), '') AS DECIMAL(18, 6)) IS NULL THEN 'saidi_all_events is no number: ' || saidi_all_events
    WHEN trim(saifi_all_events) <> '' AND try_cast(nullif(trim(saifi_all_events), '') AS DECIMAL(18, 6)) IS NULL THEN 'saifi_all_events is no number: ' || saifi_all_events
    WHEN trim(caidi_all_events) <> '' AND try_cast(nullif(trim(caidi_all_events), '') AS DECIMAL(18, 6)) IS NULL THEN 'caidi_all_events is no number: ' || caidi_all_events
    WHEN trim(saidi_without_major_event_days) <> '' AND try_cast(nullif(trim(saidi_without_major_event_days), '') AS DECIMAL(18, 6)) IS NULL THEN 'saidi_without_major_event_days is no number: ' || saidi_without_major_event_days
    WHEN trim(saifi_without_major_event_days) <> '' AND try_cast(nullif(trim(saifi_without_major_event_days), '') AS DECIMAL(18, 6)) IS NULL THEN 'saifi_without_major_event_days is no number: ' || saifi_without_major_event_days
    WHEN trim(caidi_without_major_event_days) <> '' AND try_cast(nullif(trim(caidi_without_major_event_days), '') AS DECIMAL(18, 6)) IS NULL THEN 'caidi_without_major_event_days is no number: ' || caidi_without_major_event_days
    WHEN trim(saidi_loss_of_supply_removed) <> '' AND try_cast(nullif(trim(saidi_loss_of_supply_removed), '') AS DECIMAL(18, 6)) IS NULL THEN 'saidi_loss_of_supply_removed is no number: ' || saidi_loss_of_supply_removed
    WHEN trim(saifi_loss_of_supply_removed) <> '' AND try_cast(nullif(trim(saifi_loss_of_supply_removed), '') AS DECIMAL(18, 6)) IS NULL THEN 'saifi_loss_of_supply_removed is no number: ' || saifi_loss_of_supply_removed
    WHEN trim(caidi_loss_of_supply_removed) <> '' AND try_cast(nullif(trim(caidi_loss_of_supply_removed), '') AS DECIMAL(18, 6)) IS NULL THEN 'caidi_loss_of_supply_removed is no number: ' || caidi_loss_of_supply_removed
  END AS problem,
  arrival,
  file,
  sha256,
  row_number
FROM bronze.reliability_state
