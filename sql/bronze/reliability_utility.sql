-- Reliability of utilities by year as EIA's form 861 has it, each value as text.
-- key: arrival, row_number
-- format: csv
-- numbers: saidi_with_med_minutes, saifi_with_med, saidi_without_med_minutes, saifi_without_med, customers
-- required: year VARCHAR, utility_number VARCHAR, utility_name VARCHAR, state VARCHAR, saidi_with_med_minutes VARCHAR, saifi_with_med VARCHAR, saidi_without_med_minutes VARCHAR, saifi_without_med VARCHAR
-- optional: customers VARCHAR
SELECT
  year,
  utility_number,
  utility_name,
  state,
  saidi_with_med_minutes,
  saifi_with_med,
  saidi_without_med_minutes,
  saifi_without_med,
  customers,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
