-- Half hours of smart meters around an hour that comes twice.
SELECT
  reading.arrival,
  reading.row_number,
  CAST(NULL AS STRING) AS client_id,
  reading.meterpoint_id AS meter_id,
  CAST(NULL AS STRING) AS fuel,
  CAST(NULL AS STRING) AS channel,
  moment.is_register,
  moment.res_min,
  moment.policy,
  moment.stamp,
  moment.clock_min,
  moment.is_doubled,
  moment.is_first_by_end,
  moment.local_date
FROM bronze.smart_meter_reading AS reading
JOIN silver.smart_meter_time AS moment ON moment.source = reading.source AND moment.label IS NOT DISTINCT FROM reading.interval_start
WHERE moment.is_around_doubled AND moment.problem IS NULL
