-- What became of each labelled value: placed at its interval, missing (no value for an interval that was), nonexistent
-- (nothing, for one that never was), superseded by a newer arrival of the same interval, or rejected, and why. A register's
-- reading has the fate of the energy since the reading before; end_min is the label of a value that is known by its end; res_min is NULL where that is no interval of the calendar.
-- key: arrival, row_number
-- increment: local_date
-- dictionary: source, client_id, fuel, channel, tz, policy, quality
SELECT
  place.arrival,
  place.row_number,
  place.source,
  place.client_id,
  place.meter_id,
  place.fuel,
  place.channel,
  place.local_date,
  place.res_min,
  place.tz,
  place.policy,
  place.day_start_min,
  place.slot,
  place.end_min,
  place.energy_micro_kwh,
  place.interval_start,
  place.interval_minutes,
  place.hour_start,
  place.local_hour,
  CASE
    WHEN place.reason IS NOT NULL OR repeated.fate = 'rejected' THEN 'rejected'
    WHEN repeated.fate = 'superseded' THEN 'superseded'
    WHEN NOT place.is_met THEN 'nonexistent'
    WHEN place.value IS NULL THEN 'missing'
    ELSE 'placed'
  END AS fate,
  CASE WHEN repeated.fate = 'rejected' THEN 'interval told twice in one file, differently: ' || place.label ELSE place.reason END AS reason,
  place.quality,
  place.month
FROM silver.interval_place AS place
LEFT JOIN silver.repeated_interval AS repeated ON repeated.arrival = place.arrival AND repeated.row_number = place.row_number
WHERE NOT place.is_register
UNION ALL
SELECT
  arrival,
  row_number,
  source,
  client_id,
  meter_id,
  fuel,
  channel,
  local_date,
  res_min,
  tz,
  policy,
  day_start_min,
  CAST(NULL AS INTEGER) AS slot,
  CAST(NULL AS INTEGER) AS end_min,
  energy_micro_kwh,
  interval_start,
  interval_minutes,
  hour_start,
  local_hour,
  fate,
  reason,
  quality,
  month
FROM silver.register_reading
