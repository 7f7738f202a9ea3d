import type {Source} from "./source.js";

/** The sources that `npm run pipeline` takes in. A new client is one more object. */
export const sources: readonly Source[] = [
  {
    name: "eliq",
    folder: "eliq",
    format: "eliq_daily",
    timeZone: "Europe/Vilnius",
    // Every day has 24 values: the hour that didn't happen on 2022-03-27 is NULL, the one that
    // happened twice on 2022-10-30 holds both.
    policy: "fixed_slots_sum_double",
    // An assumption: the file names no unit. Whole numbers of 100 an hour fit Wh, 876 kWh a year; kWh would be
    // 876,000 a year, the use of two hundred homes at one meter.
    unit: "Wh",
    fuel: "electricity",
    channel: "consumption"
  },
  {
    name: "smart_meter",
    folder: "smart-meter",
    // Readings come as JSON, a meter a file; who is supplied with what, as a SQLite file of three tables.
    format: ["smart_meter_reading", "smart_meter_agreement", "smart_meter_product", "smart_meter_point"],
    clientId: "smart-meter",
    timeZone: "Europe/London",
    // Times have no offset, and are UTC's: a day of 25 hours has 50 of them, none twice.
    policy: "utc",
    unit: "kWh",
    fuel: "electricity",
    channel: "consumption"
  },
  {
    name: "intervals",
    folder: "intervals",
    // Whose, of what fuel and channel, in which unit and how long: each row says it.
    format: "interval_row",
    timeZone: "Europe/Vilnius",
    // Of times without an offset. Of the two hours of one name the first in the file is the first.
    policy: "label_in_order"
  },
  {
    name: "telemetry",
    folder: "telemetry",
    // Records of devices as lines of JSON, their instants in UTC and their units in their names; devices.csv lists them.
    format: ["telemetry", "telemetry_device"],
    clientId: "telemetry"
  },
  {
    name: "weather",
    folder: "weather",
    // Observations of stations as CSV, a list of where the stations are as lines of JSON, and answers of Open-Meteo.
    format: ["weather_observation", "weather_station", "weather_archive"]
  },
  {
    name: "load",
    folder: "load",
    format: "load_row",
    timeZone: "Europe/Vilnius",
    // Every day has the labels 00 to 23, none twice, and the morning's rise moves by a label when the clock changes: the
    // sender's own clock doesn't.
    policy: "fixed_standard_time",
    // The files name no unit. As kWh a group's hour is 0.2 to 1.2 for each consumer that OBJ_COUNT counts, the use of
    // households; as MWh the 48 groups would take 2.7 GW, twice what the whole country does.
    unit: "kWh",
    fuel: "electricity",
    channel: "consumption"
  },
  // The US' published reliability: by state, with CAIDI, and by utility.
  {name: "reliability_state", folder: "reliability/state", format: "reliability_state"},
  {name: "reliability_utility", folder: "reliability/utility", format: "reliability_utility"},
  {
    name: "outages",
    folder: "outages",
    // Local times of US states; silver.state_zone says by which clock each is read.
    format: "outage_event"
  },
  // Utilities' logs of interruptions, their times with an offset.
  {name: "interruptions", folder: "interruptions", format: "interruption_row"},
  // Day-ahead prices: ENTSO-E's documents, and plain lists as CSV.
  {name: "prices", folder: "prices", format: ["price_point", "price_list"]},
  // Homes: a document of JSON each, with the day from which it holds. Whose home it is the document says, or else the
  // folder that it lies in.
  {name: "homes", folder: "homes", format: "home_document"}
];
