-- Reliability of states by year as EIA publishes it, each value as text.
-- key: arrival, row_number
-- format: csv
-- numbers: caidi_all_events, caidi_without_major_event_days, caidi_loss_of_supply_removed, saidi_all_events, saidi_without_major_event_days, saidi_loss_of_supply_removed, saifi_all_events, saifi_without_major_event_days, saifi_loss_of_supply_removed
-- required: State VARCHAR, Year VARCHAR, CAIDI_All_Events VARCHAR, CAIDI_Without_Major_Event_Days VARCHAR, CAIDI_Loss_of_Supply_Removed VARCHAR, SAIDI_All_Events VARCHAR, SAIDI_Without_Major_Event_Days VARCHAR, SAIDI_Loss_of_Supply_Removed VARCHAR, SAIFI_All_Events VARCHAR, SAIFI_Without_Major_Event_Days VARCHAR, SAIFI_Loss_of_Supply_Removed VARCHAR
SELECT
  State AS state,
  Year AS year,
  CAIDI_All_Events AS caidi_all_events,
  CAIDI_Without_Major_Event_Days AS caidi_without_major_event_days,
  CAIDI_Loss_of_Supply_Removed AS caidi_loss_of_supply_removed,
  SAIDI_All_Events AS saidi_all_events,
  SAIDI_Without_Major_Event_Days AS saidi_without_major_event_days,
  SAIDI_Loss_of_Supply_Removed AS saidi_loss_of_supply_removed,
  SAIFI_All_Events AS saifi_all_events,
  SAIFI_Without_Major_Event_Days AS saifi_without_major_event_days,
  SAIFI_Loss_of_Supply_Removed AS saifi_loss_of_supply_removed,
  proven_mark AS decimal_mark,
  source,
  arrival,
  file,
  sha256,
  row_number,
  ingested_at
FROM landing
