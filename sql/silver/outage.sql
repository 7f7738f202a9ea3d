-- Major outages in the US, at the instants that the state's clock names: elapsed_minutes is real time, published_minutes what the file
-- says; is_ambiguous where its start or restoration is a local time that happened twice, here taken as the first. A value that the file doesn't know is NULL. customers_served are those of the state in that year.
-- key: source, event_id
SELECT
  source,
  event_id,
  state,
  postal_code,
  tz,
  year,
  local_date,
  started_at,
  restored_at,
  elapsed_minutes,
  clock_minutes,
  is_ambiguous,
  published_minutes,
  cause,
  cause_detail,
  hurricane,
  nerc_region,
  climate_region,
  demand_loss_kw,
  customers_affected,
  customers_served,
  arrival,
  row_number
FROM silver.outage_record
WHERE fate = 'kept'
