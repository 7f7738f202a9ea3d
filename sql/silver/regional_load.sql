-- The consumption of a region, a group of consumers, by hour: at its UTC start, with the local date and hour of the region's calendar.
-- object_count is how many consumers were counted. label_date is the date that the sender's own clock showed.
-- key: source, region, interval_start
-- increment: label_date
SELECT
  source,
  region,
  interval_start,
  CAST(60 AS INTEGER) AS interval_minutes,
  date_from_unix_date(CAST(quotient(local_minutes(unix_minutes(interval_start), tz), 1440) AS INTEGER)) AS local_date,
  CAST(quotient(local_minutes(unix_minutes(interval_start), tz) % 1440, 60) AS INTEGER) AS local_hour,
  kwh(energy_micro_kwh) AS energy_kwh,
  object_count,
  tz,
  arrival,
  row_number,
  label_date,
  month
FROM silver.load_record
WHERE fate = 'kept'
