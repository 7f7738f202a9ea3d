-- What became of each row of an outage file: kept, superseded by a newer arrival of the same event, repeated in one file, rejected, and
-- why, or heading: the line of units. A local time's instant is that which the state's clock showed so, the first of two, and
-- is_ambiguous where there are two; an event in an hour that never was is rejected. An event's number twice in one file, with other values, is rejected, both.
-- key: arrival, row_number
WITH named AS (
  SELECT
    event.*,
    zone.tz,
    mark_of(setting.decimal_mark, event.decimal_mark) AS mark,
    nullif(trim(event.obs), '') AS event_text,
    nullif(nullif(trim(event.outage_start_date), 'NA'), '') AS start_text,
    nullif(nullif(trim(event.outage_restoration_date), 'NA'), '') AS restoration_text,
    nullif(nullif(trim(event.outage_duration), 'NA'), '') AS duration_text,
    nullif(nullif(trim(event.demand_loss_mw), 'NA'), '') AS demand_loss_text,
    nullif(nullif(trim(event.customers_affected), 'NA'), '') AS affected_text,
    nullif(nullif(trim(event.total_customers), 'NA'), '') AS served_text,
    CAST(unix_date(event.start_date) * CAST(1440 AS BIGINT) + event.start_min AS BIGINT) AS start_clock,
    CAST(unix_date(event.restoration_date) * CAST(1440 AS BIGINT) + event.restoration_min AS BIGINT) AS restoration_clock,
    CAST(unix_date(make_date(year(event.start_date), 1, 1)) * CAST(1440 AS BIGINT) AS BIGINT) AS new_year,
    CAST(unix_date(make_date(year(event.restoration_date), 1, 1)) * CAST(1440 AS BIGINT) AS BIGINT) AS restoration_new_year
  FROM bronze.outage_event AS event
  LEFT JOIN silver.state_zone AS zone ON zone.postal_code = trim(event.postal_code)
  LEFT JOIN bronze.source AS setting ON setting.source = event.source
),
-- The clock of a state is as far from UTC as on New Year's Day, or an hour more: the one that shows the time again is right.
shown AS (
  SELECT
    *,
    start_clock - (local_minutes(new_year, tz) - new_year) AS start_standard,
    restoration_clock - (local_minutes(restoration_new_year, tz) - restoration_new_year) AS restoration_standard
  FROM named
),
placed AS (
  SELECT
    *,
    CASE
      WHEN local_minutes(start_standard - 60, tz) = start_clock THEN start_standard - 60
      WHEN local_minutes(start_standard, tz) = start_clock THEN start_standard
    END AS start_at,
    CASE
      WHEN local_minutes(restoration_standard - 60, tz) = restoration_clock THEN restoration_standard - 60
      WHEN local_minutes(restoration_standard, tz) = restoration_clock THEN restoration_standard
    END AS restoration_at
  FROM shown
),
judged AS (
  SELECT
    *,
    trim(variables) = 'Units' AND event_text IS NULL AS is_heading,
    CASE
      WHEN event_text IS NULL THEN 'event number missing'
      WHEN whole_number(event_text, mark) IS NULL THEN 'event number ' || count_fault(event_text, mark)
      WHEN tz IS NULL THEN 'state not known: ' || coalesce(postal_code, 'none')
      WHEN whole_number(trim(year), mark) IS NULL OR whole_number(trim(year), mark) NOT BETWEEN 1970 AND 2100 THEN 'year unreadable: ' || coalesce(year, 'none')
      WHEN start_text IS NOT NULL AND start_clock IS NULL
        THEN 'start unreadable: ' || outage_start_date || ' ' || coalesce(outage_start_time, '')
      WHEN restoration_text IS NOT NULL AND restoration_clock IS NULL
        THEN 'restoration unreadable: ' || outage_restoration_date || ' ' || coalesce(outage_restoration_time, '')
      WHEN start_clock IS NOT NULL AND start_at IS NULL
        THEN 'start that never happened in ' || tz || ': ' || outage_start_date || ' ' || outage_start_time
      WHEN restoration_clock IS NOT NULL AND restoration_at IS NULL
        THEN 'restoration that never happened in ' || tz || ': ' || outage_restoration_date || ' ' || outage_restoration_time
      WHEN restoration_at < start_at THEN 'restored before it started: ' || outage_restoration_date || ' ' || outage_restoration_time
      WHEN duration_text IS NOT NULL AND coalesce(whole_number(duration_text, mark), -1) < 0 THEN 'duration ' || count_fault(duration_text, mark)
      WHEN demand_loss_text IS NOT NULL AND scaled_measure(exact_number(demand_loss_text, mark), 1000, 1) IS NULL THEN 'demand loss ' || number_fault(demand_loss_text, mark)
      WHEN demand_loss_text IS NOT NULL AND exact_number(demand_loss_text, mark) < 0 THEN 'demand loss is negative: ' || demand_loss_text
      WHEN affected_text IS NOT NULL AND coalesce(whole_number(affected_text, mark), -1) < 0 THEN 'customers affected ' || count_fault(affected_text, mark)
      WHEN served_text IS NOT NULL AND coalesce(whole_number(served_text, mark), -1) < 1 THEN 'customers served ' || count_fault(served_text, mark)
    END AS fault,
    coalesce(postal_code, '') || ' ' || coalesce(CAST(start_clock AS STRING), '') || ' ' || coalesce(CAST(restoration_clock AS STRING), '')
      || ' ' || coalesce(duration_text, '') || ' ' || coalesce(demand_loss_text, '') || ' ' || coalesce(affected_text, '')
      || ' ' || coalesce(served_text, '') || ' ' || coalesce(cause_category, '') AS told
  FROM placed
),
compared AS (
  SELECT
    *,
    fault IS NULL AND min(told) OVER same_file <> max(told) OVER same_file AS is_contradictory,
    row_number() OVER (PARTITION BY source, event_text, arrival, fault IS NULL ORDER BY row_number) AS place
  FROM judged
  WINDOW same_file AS (PARTITION BY source, event_text, arrival, fault IS NULL)
),
settled AS (
  SELECT
    *,
    max(CASE WHEN fault IS NULL AND NOT is_contradictory THEN arrival END) OVER (PARTITION BY source, event_text) AS newest
  FROM compared
)
SELECT
  source,
  whole_number(event_text, mark) AS event_id,
  trim(us_state) AS state,
  trim(postal_code) AS postal_code,
  tz,
  CAST(whole_number(trim(year), mark) AS INTEGER) AS year,
  start_date AS local_date,
  CASE WHEN fault IS NULL THEN instant_at(start_at) END AS started_at,
  CASE WHEN fault IS NULL THEN instant_at(restoration_at) END AS restored_at,
  CASE WHEN fault IS NULL THEN restoration_at - start_at END AS elapsed_minutes,
  CASE WHEN fault IS NULL THEN restoration_clock - start_clock END AS clock_minutes,
  CASE WHEN fault IS NULL THEN
    coalesce(local_minutes(start_at + 60, tz) = start_clock, false) OR coalesce(local_minutes(restoration_at + 60, tz) = restoration_clock, false)
  END AS is_ambiguous,
  whole_number(duration_text, mark) AS published_minutes,
  trim(cause_category) AS cause,
  nullif(trim(cause_category_detail), 'NA') AS cause_detail,
  nullif(trim(hurricane_names), 'NA') AS hurricane,
  nullif(trim(nerc_region), 'NA') AS nerc_region,
  nullif(trim(climate_region), 'NA') AS climate_region,
  scaled_measure(exact_number(demand_loss_text, mark), 1000, 1) AS demand_loss_kw,
  whole_number(affected_text, mark) AS customers_affected,
  whole_number(served_text, mark) AS customers_served,
  CASE
    WHEN is_heading THEN 'heading'
    WHEN fault IS NOT NULL OR is_contradictory THEN 'rejected'
    WHEN arrival < newest THEN 'superseded'
    WHEN place > 1 THEN 'repeated'
    ELSE 'kept'
  END AS fate,
  CASE
    WHEN is_heading THEN CAST(NULL AS STRING)
    WHEN is_contradictory THEN 'event told twice in one file, differently: ' || event_text
    ELSE fault
  END AS reason,
  arrival,
  file,
  sha256,
  row_number
FROM settled
