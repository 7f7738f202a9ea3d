-- The times of silver.interval_time that smart meters' readings bear, with the settings of their source beside each.
-- key: source, label
-- stored: no
-- held: yes
WITH setting AS (
  SELECT
    source,
    client_id,
    fuel,
    channel,
    CASE WHEN max_kwh_per_hour < 200000000 THEN micro_kwh(max_kwh_per_hour) END AS max_micro_kwh_per_hour,
    CAST(quotient(100000000000000, CAST(micro_kwh_per_unit AS BIGINT)) AS DECIMAL(18, 6)) AS max_value,
    unit,
    decimal_mark AS decimal_mark_set
  FROM bronze.source
)
SELECT
  moment.*,
  setting.client_id,
  setting.fuel,
  setting.channel,
  setting.max_micro_kwh_per_hour,
  setting.max_value,
  setting.unit,
  setting.decimal_mark_set
FROM silver.interval_time AS moment
JOIN setting ON setting.source = moment.source
WHERE moment.interval_start IS NULL AND moment.interval_end IS NULL AND moment.resolution = '30min' AND NOT moment.is_register
