import type {KnownFormat} from "./known_format.js";

/** Half hours from the account page of Octopus Energy, Great Britain. A file is of one meter, which it doesn't name. */
export const octopus: KnownFormat = {
  name: "octopus",
  title: "Octopus Energy's consumption as CSV",
  namesMeter: "never",
  kinds: [
    {
      settings: {
        timeZone: "Europe/London",
        policy: "label_in_order",
        fuel: "electricity",
        channel: "import",
        unit: "kWh",
        columns: {
          start: ["Start", "Interval start", "interval_start"],
          end: ["End", "Interval end", "interval_end"],
          value: ["Consumption (kwh)", "Consumption", "kWh"]
        }
      }
    },
    {
      suffix: "m3",
      settings: {
        timeZone: "Europe/London",
        policy: "label_in_order",
        fuel: "gas",
        channel: "import",
        unit: "m3",
        columns: {
          start: ["Start", "Interval start", "interval_start"],
          end: ["End", "Interval end", "interval_end"],
          value: ["Consumption (m3)", "Consumption (m³)"]
        }
      }
    }
  ]
};
