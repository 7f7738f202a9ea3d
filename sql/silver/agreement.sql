-- Who is supplied with what, from when until when, as the snapshots say it: one row for each stretch of snapshots that
-- say the same. An instant is the date by the clock of its source's zone. It applies while valid_from <= date < valid_to, without an end for ever; is_current is what the newest
-- snapshot says. problem says why an agreement applies on no day at all.
-- key: source, first_snapshot, row_number
WITH said AS (
  SELECT source, arrival, agreement_id, meterpoint_id, account_id, product_id, agreement_valid_from, agreement_valid_to, min(row_number) AS row_number
  FROM bronze.smart_meter_agreement
  GROUP BY source, arrival, agreement_id, meterpoint_id, account_id, product_id, agreement_valid_from, agreement_valid_to
),
-- Along snapshots that say the same, their number less that of the saying stays as it is.
numbered AS (
  SELECT said.*, snapshot.is_newest,
    snapshot.nth - row_number() OVER (PARTITION BY said.source, agreement_id, meterpoint_id, account_id, product_id, agreement_valid_from, agreement_valid_to ORDER BY snapshot.nth) AS stretch
  FROM said
  JOIN silver.agreement_snapshot AS snapshot ON snapshot.source = said.source AND snapshot.snapshot = said.arrival
),
stretched AS (
  SELECT *,
    row_number() OVER (PARTITION BY source, agreement_id, meterpoint_id, account_id, product_id, agreement_valid_from, agreement_valid_to, stretch ORDER BY arrival) AS place,
    max(arrival) OVER (PARTITION BY source, agreement_id, meterpoint_id, account_id, product_id, agreement_valid_from, agreement_valid_to, stretch) AS last_snapshot,
    bool_or(is_newest) OVER (PARTITION BY source, agreement_id, meterpoint_id, account_id, product_id, agreement_valid_from, agreement_valid_to, stretch) AS is_current
  FROM numbered
),
typed AS (
  SELECT stretched.*,
    iso_stamp(agreement_valid_from, 'iso') AS from_stamp,
    iso_stamp(agreement_valid_to, 'iso') AS to_stamp,
    setting.tz
  FROM stretched
  LEFT JOIN bronze.source AS setting ON setting.source = stretched.source
  WHERE place = 1
),
-- An end in a day's last minute, 23:59:59, is that of the whole day.
dated AS (
  SELECT *,
    local_date_of(from_stamp, tz) AS valid_from,
    CASE
      WHEN instant_seconds(to_stamp) IS NOT NULL AND clock_seconds(to_stamp) IS NOT NULL
        THEN date_from_unix_date(CAST(quotient(local_minutes(quotient(instant_seconds(to_stamp) + 60, 60), tz), 1440) AS INTEGER))
      WHEN clock_seconds(to_stamp) IS NOT NULL THEN date_from_unix_date(CAST(quotient(clock_seconds(to_stamp) + 60, 86400) AS INTEGER))
      ELSE local_date_of(to_stamp, tz)
    END AS valid_to
  FROM typed
)
SELECT
  source,
  whole_number(trim(agreement_id), '.') AS agreement_id,
  meterpoint_id,
  account_id,
  product_id,
  valid_from,
  valid_to,
  CASE
    WHEN whole_number(trim(agreement_id), '.') IS NULL THEN 'agreement id unreadable: ' || coalesce(agreement_id, 'none')
    WHEN coalesce(meterpoint_id, '') = '' THEN 'meter missing'
    WHEN valid_from IS NULL THEN 'start unreadable: ' || coalesce(agreement_valid_from, 'none')
    WHEN valid_to IS NULL AND trim(agreement_valid_to) <> '' THEN 'end unreadable: ' || agreement_valid_to
    WHEN valid_to = valid_from THEN 'zero length'
    WHEN valid_to < valid_from THEN 'ends before it starts'
  END AS problem,
  is_current,
  arrival AS first_snapshot,
  last_snapshot,
  row_number
FROM dated
