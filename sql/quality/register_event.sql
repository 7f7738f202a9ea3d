-- What registers of meters did other than go forward: a row for each rollover, exchange and reset, each change of unit, and each
-- reading that its neighbours take back. energy_kwh is what was placed for it, or would have been: NULL where none is known.
-- key: arrival, row_number
SELECT
  source,
  client_id,
  meter_id,
  fuel,
  channel,
  step AS event,
  read_at,
  value_before,
  value,
  unit,
  interval_start,
  interval_minutes,
  CASE WHEN fate = 'placed' THEN kwh(energy_micro_kwh) END AS energy_kwh,
  CASE step
    WHEN 'rollover' THEN 'began anew after its last digit: the energy is what it went on'
    WHEN 'exchange' THEN 'further than a rollover may go in that time: the energy is not known; maxRolloverKwhPerHour of its source sets the limit'
    WHEN 'reset' THEN 'below what it showed: the energy is not known'
    WHEN 'unit changed' THEN 'in another unit than before: the energy is not known'
    WHEN 'taken back' THEN 'the readings before and after agree without it: the energy is that between them'
  END AS meaning,
  arrival,
  row_number
FROM silver.register_reading
WHERE step IN ('rollover', 'exchange', 'reset', 'unit changed', 'taken back')
