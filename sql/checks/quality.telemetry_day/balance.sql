-- Every line that came is kept, a duplicate, superseded or rejected.
-- severity: error
-- column: lines_in
SELECT process_date, lines_in, rows_kept, duplicate_rows, superseded_rows, rejected_lines
FROM quality.telemetry_day
WHERE lines_in <> rows_kept + duplicate_rows + superseded_rows + rejected_lines
