-- The labels around an hour that comes twice, row by row as they came, of sources whose rows only say by their order which time
-- they mean.
-- key: arrival, row_number
-- increment: local_date
-- stored: no
SELECT
  interval_row.arrival,
  interval_row.row_number,
  interval_row.client_id,
  interval_row.meter_id,
  interval_row.fuel,
  interval_row.channel,
  moment.is_register,
  moment.res_min,
  moment.policy,
  moment.stamp,
  moment.clock_min,
  moment.is_doubled,
  moment.is_first_by_end,
  moment.local_date
FROM bronze.interval_row AS interval_row
JOIN silver.interval_time AS moment
  ON moment.source = interval_row.source
  AND moment.interval_start IS NOT DISTINCT FROM interval_row.interval_start
  AND moment.interval_end IS NOT DISTINCT FROM interval_row.interval_end
  AND moment.label IS NOT DISTINCT FROM interval_row.label
  AND moment.resolution IS NOT DISTINCT FROM interval_row.resolution
  AND moment.is_register = (coalesce(interval_row.kind, '') = 'register')
WHERE moment.is_around_doubled AND moment.problem IS NULL AND coalesce(interval_row.problem, '') = ''
