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
  }
];
