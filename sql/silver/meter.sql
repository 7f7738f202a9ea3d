-- One row a meter and fuel: the location it is at, as the newest row that names one says. location_count is how many
-- locations rows have named: of a meter that stays where it is, one.
-- key: client_id, meter_id, fuel
WITH told AS (
  SELECT
    coalesce(interval_row.client_id, source.client_id) AS client_id,
    interval_row.meter_id,
    coalesce(interval_row.fuel, source.fuel) AS fuel,
    interval_row.location_id,
    -- A later row of a later arrival is the newer one.
    max(interval_row.arrival * 10000000000 + interval_row.row_number) AS newest,
    min(interval_row.arrival) AS first_arrival,
    min(source.source) AS source
  FROM bronze.interval_row AS interval_row
  JOIN bronze.source AS source ON source.source = interval_row.source
  WHERE coalesce(interval_row.meter_id, '') <> '' AND coalesce(interval_row.location_id, '') <> ''
  GROUP BY coalesce(interval_row.client_id, source.client_id), interval_row.meter_id, coalesce(interval_row.fuel, source.fuel), interval_row.location_id
),
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY client_id, meter_id, fuel ORDER BY newest DESC) AS place,
    count(*) OVER (PARTITION BY client_id, meter_id, fuel) AS location_count
  FROM told
  WHERE coalesce(client_id, '') <> '' AND fuel IN ('electricity', 'gas', 'district_heating')
)
SELECT
  client_id,
  meter_id,
  fuel,
  location_id,
  CAST(location_count AS INTEGER) AS location_count,
  first_arrival,
  source
FROM ranked
WHERE place = 1
