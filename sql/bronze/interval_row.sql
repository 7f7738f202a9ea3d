-- Readings as they came, each value as text: CSV with a header line, lines of JSON, or Parquet, the columns in any order.
-- The settings of its source give what a row leaves empty.
-- client_id, meter_id and location_id say whose reading it is, of which meter, and where that is; fuel is electricity, gas or
-- district_heating, channel import, export, production or consumption.
-- start and end (interval_start and interval_end here) are ISO 8601, 2022-03-27T02:00 or 2022-03-27 02:00:00, then Z, an offset such as +02:00, or nothing, for
-- the local clock by the source's policy. A day may be named by its date alone, 2022-03-27, a month as 2022-03. The end isn't part
-- of the interval. label is either, as the source's label_at says. resolution is 15min, 30min, 60min, day or month, and may
-- be left out where start and end say it.
-- value is a number in unit: Wh, kWh, MWh, GWh, kJ, MJ, GJ, therm or BTU, m3 or ft3 of gas, of which a cubic metre holds
-- calorific_value_mj_m3, or W, kW, MW or GW of a mean over the interval; quality is measured
-- (by default), estimated, or questionable, which counts as estimated.
-- kind is energy (by default), or register for what the meter's register shows at start: the energy is its increase
-- since the reading before. register_digits is how many digits it has before its decimal point, after which it begins anew.
-- decimal_mark is the decimal mark of value, a point or a comma, where the row says it; here, where it doesn't, the one that
-- the file's values prove, if any. revised_at is when the sender
-- made this version of the value: it beats the order of arrival. problem is why the row can't be right, as the reader of its
-- format says it: the row is rejected with that reason. line is a line that holds no JSON object. file_row is the line or record
-- of the file that holds the value, and row_number where the format has none of its own. parts is how many rows of the file, of a few
-- minutes each, were joined to this one, which then is numbered as the first of them; NULL of one.
-- key: arrival, row_number
-- meter: meter_id
-- location: location_id
-- unread: line
-- format: tabular
-- numbers: value, calorific_value_mj_m3
-- required: meter_id VARCHAR, value VARCHAR
-- optional: client_id VARCHAR, location_id VARCHAR, fuel VARCHAR, channel VARCHAR, start VARCHAR, "end" VARCHAR, label VARCHAR, resolution VARCHAR, unit VARCHAR, quality VARCHAR, kind VARCHAR, calorific_value_mj_m3 VARCHAR, register_digits VARCHAR, decimal_mark VARCHAR, revised_at VARCHAR, problem VARCHAR, file_row VARCHAR, parts VARCHAR, line VARCHAR
-- one_of: start, end, label
SELECT
  client_id,
  meter_id,
  location_id,
  fuel,
  channel,
  start AS interval_start,
  "end" AS interval_end,
  label,
  resolution,
  value,
  unit,
  quality,
  kind,
  calorific_value_mj_m3,
  register_digits,
  mark_of(nullif(trim(decimal_mark), ''), proven_mark) AS decimal_mark,
  revised_at,
  problem,
  line,
  source,
  arrival,
  file,
  sha256,
  coalesce(try_cast(file_row AS BIGINT), row_number) AS file_row,
  try_cast(parts AS INTEGER) AS parts,
  row_number,
  ingested_at
FROM landing
