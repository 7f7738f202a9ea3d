-- Published reliability of a state or a utility in a year, by what is counted: all events, without major event days, or with loss of
-- supply removed. SAIDI is the minutes a customer was without supply, SAIFI the times, CAIDI the minutes of a time; NULL is what
-- wasn't published. A utility is known by EIA's number, and has a row for each state that it serves.
-- key: source, area, state, year, basis
SELECT source, level, area, name, state, year, 'all events' AS basis,
  saidi_all_minutes AS saidi_minutes, saifi_all AS saifi, caidi_all_minutes AS caidi_minutes, customers, arrival, row_number
FROM silver.reliability_record
WHERE fate = 'kept'
UNION ALL
SELECT source, level, area, name, state, year, 'without major event days' AS basis,
  saidi_without_med_minutes AS saidi_minutes, saifi_without_med AS saifi, caidi_without_med_minutes AS caidi_minutes, customers, arrival, row_number
FROM silver.reliability_record
WHERE fate = 'kept'
UNION ALL
SELECT source, level, area, name, state, year, 'loss of supply removed' AS basis,
  saidi_without_supply_minutes AS saidi_minutes, saifi_without_supply AS saifi, caidi_without_supply_minutes AS caidi_minutes, customers, arrival, row_number
FROM silver.reliability_record
WHERE fate = 'kept' AND level = 'state'
