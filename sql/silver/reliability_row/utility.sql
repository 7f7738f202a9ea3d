-- Utilities, by EIA's number and state; CAIDI isn't published of them, nor what loss of supply removed would leave.
SELECT
  source,
  'utility' AS level,
  trim(utility_number) AS area,
  trim(utility_name) AS name,
  trim(state) AS state,
  CASE WHEN whole_number(trim(year), mark) BETWEEN 1970 AND 2100 THEN CAST(whole_number(trim(year), mark) AS INTEGER) END AS year,
  year AS year_text,
  whole_number(trim(customers), mark) AS customers,
  measure_of(trim(saidi_with_med_minutes), mark) AS saidi_all_minutes,
  measure_of(trim(saifi_with_med), mark) AS saifi_all,
  CAST(NULL AS DECIMAL(18, 6)) AS caidi_all_minutes,
  measure_of(trim(saidi_without_med_minutes), mark) AS saidi_without_med_minutes,
  measure_of(trim(saifi_without_med), mark) AS saifi_without_med,
  CAST(NULL AS DECIMAL(18, 6)) AS caidi_without_med_minutes,
  CAST(NULL AS DECIMAL(18, 6)) AS saidi_without_supply_minutes,
  CAST(NULL AS DECIMAL(18, 6)) AS saifi_without_supply,
  CAST(NULL AS DECIMAL(18, 6)) AS caidi_without_supply_minutes,
  CASE
    WHEN trim(saidi_with_med_minutes) <> '' AND measure_of(trim(saidi_with_med_minutes), mark) IS NULL THEN 'saidi_with_med_minutes ' || number_fault(trim(saidi_with_med_minutes), mark)
    WHEN trim(saifi_with_med) <> '' AND measure_of(trim(saifi_with_med), mark) IS NULL THEN 'saifi_with_med ' || number_fault(trim(saifi_with_med), mark)
    WHEN trim(saidi_without_med_minutes) <> '' AND measure_of(trim(saidi_without_med_minutes), mark) IS NULL THEN 'saidi_without_med_minutes ' || number_fault(trim(saidi_without_med_minutes), mark)
    WHEN trim(saifi_without_med) <> '' AND measure_of(trim(saifi_without_med), mark) IS NULL THEN 'saifi_without_med ' || number_fault(trim(saifi_without_med), mark)
    WHEN trim(customers) <> '' AND whole_number(trim(customers), mark) IS NULL THEN 'customers ' || count_fault(trim(customers), mark)
  END AS problem,
  arrival,
  file,
  sha256,
  row_number
FROM (
  SELECT published.*, mark_of(setting.decimal_mark, published.decimal_mark) AS mark
  FROM bronze.reliability_utility AS published
  LEFT JOIN bronze.source AS setting ON setting.source = published.source
) AS marked
