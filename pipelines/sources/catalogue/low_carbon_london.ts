import type {KnownFormat} from "./known_format.js";

/** The half hours of 5,567 homes that UK Power Networks published as SmartMeter Energy Consumption Data in London Households. */
export const lowCarbonLondon: KnownFormat = {
  name: "low-carbon-london",
  title: "Low Carbon London's smart meters",
  namesMeter: "always",
  kinds: [
    {
      settings: {
        timeZone: "Europe/London",
        // Every day has 48 half hours, those of change too: the times are GMT.
        policy: "fixed_standard_time",
        fuel: "electricity",
        channel: "import",
        unit: "kWh",
        columns: {
          meter_id: "LCLid",
          label: ["DateTime", "tstp"],
          resolution: {constant: "30min"},
          value: {
            column: ["KWH/hh (per half hour)", "energy(kWh/hh)", "kWh/hh"],
            values: {null: null},
            others: "keep"
          }
        }
      }
    }
  ]
};
