import type {KnownFormat} from "./known_format.js";

/**
 * Home Assistant's long-term statistics, as CSV or in its database. An hour's energy is the difference of two sums. What a statistic
 * counts, taken from the grid or fed into it, nothing in it says.
 */
export const homeAssistant: KnownFormat = {
  name: "home-assistant",
  title: "Home Assistant's statistics",
  namesMeter: "always",
  asks: ["channel"],
  kinds: [
    {
      settings: {
        policy: "utc",
        fuel: "electricity",
        fileFormat: "home_assistant",
        timeFormat: "epoch_seconds",
        columns: {
          meter_id: ["statistic_id", "entity_id", "statistic"],
          start: ["start_ts", "start"],
          resolution: {constant: "60min"},
          value: {column: "sum", difference: {checkedBy: "state"}}
        },
        categories: [
          {
            column: ["unit_of_measurement", "unit"],
            name: "unit",
            values: {
              ...{Wh: {unit: "Wh", fuel: "electricity"}, kWh: {unit: "kWh", fuel: "electricity"}},
              ...{MWh: {unit: "MWh", fuel: "electricity"}, GWh: {unit: "GWh", fuel: "electricity"}},
              ...{kJ: {unit: "kJ"}, MJ: {unit: "MJ"}, GJ: {unit: "GJ"}},
              ...{"m³": {unit: "m3", fuel: "gas"}, m3: {unit: "m3", fuel: "gas"}},
              ...{"ft³": {unit: "ft3", fuel: "gas"}, ft3: {unit: "ft3", fuel: "gas"}}
            },
            optional: true
          }
        ]
      }
    }
  ]
};
