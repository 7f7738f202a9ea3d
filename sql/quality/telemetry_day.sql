-- One row a UTC date: every line of telemetry, accounted for, and what cleaning found in the rows that are kept:
--   lines_in = rows_total + rejected_lines
--   rows_total = rows_kept + duplicate_rows + superseded_rows
-- duplicate_keys counts the keys (device_id, ts_utc) that came more than once; of their further records duplicate_rows came in
-- the file that counts, superseded_rows in older ones. lake/metrics has each row as quality_<process_date>.json.
-- key: process_date
-- increment: event_date
WITH entry AS (
  SELECT event_date,
    count(*) AS lines_in, sum(CASE WHEN problem IS NULL THEN 0 ELSE 1 END) AS rejected_lines,
    0 AS rows_kept, 0 AS duplicate_keys, 0 AS duplicate_rows, 0 AS superseded_rows,
    0 AS null_power, 0 AS null_energy, 0 AS null_temperature, 0 AS null_soc,
    0 AS negative_power, 0 AS temperature_out_of_range, 0 AS soc_out_of_range, 0 AS status_not_ok, 0 AS status_unknown, 0 AS unknown_device_rows
  FROM bronze.telemetry
  GROUP BY event_date
  UNION ALL
  SELECT event_date,
    0, 0,
    count(*), sum(CASE WHEN copies > 1 THEN 1 ELSE 0 END), sum(file_copies - 1), sum(copies - file_copies),
    count(*) - count(power_w), count(*) - count(energy_wh), count(*) - count(temperature_c), count(*) - count(soc_percent),
    sum(CASE WHEN is_power_negative THEN 1 ELSE 0 END), sum(CASE WHEN is_temperature_out_of_range THEN 1 ELSE 0 END),
    sum(CASE WHEN is_soc_out_of_range THEN 1 ELSE 0 END),
    sum(CASE WHEN status = 'OK' THEN 0 ELSE 1 END), sum(CASE WHEN status IN ('OK', 'FAULT') THEN 0 ELSE 1 END),
    sum(CASE WHEN is_known_device THEN 0 ELSE 1 END)
  FROM silver.telemetry
  GROUP BY event_date
)
SELECT
  event_date AS process_date,
  CAST(sum(lines_in) AS BIGINT) AS lines_in,
  CAST(sum(rejected_lines) AS BIGINT) AS rejected_lines,
  CAST(sum(rows_kept) + sum(duplicate_rows) + sum(superseded_rows) AS BIGINT) AS rows_total,
  CAST(sum(rows_kept) AS BIGINT) AS rows_kept,
  CAST(sum(duplicate_keys) AS BIGINT) AS duplicate_keys,
  CAST(sum(duplicate_rows) AS BIGINT) AS duplicate_rows,
  CAST(sum(superseded_rows) AS BIGINT) AS superseded_rows,
  CAST(sum(null_power) AS BIGINT) AS null_power,
  CAST(sum(null_energy) AS BIGINT) AS null_energy,
  CAST(sum(null_temperature) AS BIGINT) AS null_temperature,
  CAST(sum(null_soc) AS BIGINT) AS null_soc,
  CAST(sum(negative_power) AS BIGINT) AS negative_power,
  CAST(sum(temperature_out_of_range) AS BIGINT) AS temperature_out_of_range,
  CAST(sum(soc_out_of_range) AS BIGINT) AS soc_out_of_range,
  CAST(sum(status_not_ok) AS BIGINT) AS status_not_ok,
  CAST(sum(status_unknown) AS BIGINT) AS status_unknown,
  CAST(sum(unknown_device_rows) AS BIGINT) AS unknown_device_rows,
  event_date
FROM entry
GROUP BY event_date
