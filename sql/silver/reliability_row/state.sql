-- Reliability of a state or a utility in a year as it arrived, of all formats in one shape: minutes and interruptions a customer, with
-- all events, without major event days, and with loss of supply removed. problem says what of it can't be read.
-- stored: no
SELECT
  source,
  'state' AS level,
  trim(state) AS area,
  trim(state) AS name,
  trim(state) AS state,
  CASE WHEN whole_number(trim(year), mark) BETWEEN 1970 AND 2100 THEN CAST(whole_number(trim(year), mark) AS INTEGER) END AS year,
  year AS year_text,
  CAST(NULL AS BIGINT) AS customers,
  measure_of(trim(saidi_all_events), mark) AS saidi_all_minutes,
  measure_of(trim(saifi_all_events), mark) AS saifi_all,
  measure_of(trim(caidi_all_events), mark) AS caidi_all_minutes,
  measure_of(trim(saidi_without_major_event_days), mark) AS saidi_without_med_minutes,
  measure_of(trim(saifi_without_major_event_days), mark) AS saifi_without_med,
  measure_of(trim(caidi_without_major_event_days), mark) AS caidi_without_med_minutes,
  measure_of(trim(saidi_loss_of_supply_removed), mark) AS saidi_without_supply_minutes,
  measure_of(trim(saifi_loss_of_supply_removed), mark) AS saifi_without_supply,
  measure_of(trim(caidi_loss_of_supply_removed), mark) AS caidi_without_supply_minutes,
  CASE
    WHEN trim(saidi_all_events) <> '' AND measure_of(trim(saidi_all_events), mark) IS NULL THEN 'saidi_all_events ' || number_fault(trim(saidi_all_events), mark)
    WHEN trim(saifi_all_events) <> '' AND measure_of(trim(saifi_all_events), mark) IS NULL THEN 'saifi_all_events ' || number_fault(trim(saifi_all_events), mark)
    WHEN trim(caidi_all_events) <> '' AND measure_of(trim(caidi_all_events), mark) IS NULL THEN 'caidi_all_events ' || number_fault(trim(caidi_all_events), mark)
    WHEN trim(saidi_without_major_event_days) <> '' AND measure_of(trim(saidi_without_major_event_days), mark) IS NULL THEN 'saidi_without_major_event_days ' || number_fault(trim(saidi_without_major_event_days), mark)
    WHEN trim(saifi_without_major_event_days) <> '' AND measure_of(trim(saifi_without_major_event_days), mark) IS NULL THEN 'saifi_without_major_event_days ' || number_fault(trim(saifi_without_major_event_days), mark)
    WHEN trim(caidi_without_major_event_days) <> '' AND measure_of(trim(caidi_without_major_event_days), mark) IS NULL THEN 'caidi_without_major_event_days ' || number_fault(trim(caidi_without_major_event_days), mark)
    WHEN trim(saidi_loss_of_supply_removed) <> '' AND measure_of(trim(saidi_loss_of_supply_removed), mark) IS NULL THEN 'saidi_loss_of_supply_removed ' || number_fault(trim(saidi_loss_of_supply_removed), mark)
    WHEN trim(saifi_loss_of_supply_removed) <> '' AND measure_of(trim(saifi_loss_of_supply_removed), mark) IS NULL THEN 'saifi_loss_of_supply_removed ' || number_fault(trim(saifi_loss_of_supply_removed), mark)
    WHEN trim(caidi_loss_of_supply_removed) <> '' AND measure_of(trim(caidi_loss_of_supply_removed), mark) IS NULL THEN 'caidi_loss_of_supply_removed ' || number_fault(trim(caidi_loss_of_supply_removed), mark)
  END AS problem,
  arrival,
  file,
  sha256,
  row_number
FROM (
  SELECT published.*, mark_of(setting.decimal_mark, published.decimal_mark) AS mark
  FROM bronze.reliability_state AS published
  LEFT JOIN bronze.source AS setting ON setting.source = published.source
) AS marked
