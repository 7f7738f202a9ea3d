import type {KnownFormat} from "./known_format.js";

/** The same gas stands in the file twice, in each unit. */
const gasVolume = "volume of gas in m³: the row in kWh holds its energy";

/**
 * Quarters of electricity and hours of gas from mijn.fluvius.be, Flanders. A quarter is in the register of its tariff, day or night; of a
 * register without one the file doesn't name the fuel.
 */
export const fluvius: KnownFormat = {
  name: "fluvius",
  title: "Fluvius, Flanders",
  namesMeter: "always",
  kinds: [
    {
      settings: {
        timeZone: "Europe/Brussels",
        decimalMark: ",",
        policy: "label_paired",
        timeFormat: "day_first",
        columns: {
          meter_id: ["EAN-code", "EAN code", "EAN"],
          start: {
            join: [
              ["Van (datum)", "From (date)"],
              ["Van (tijdstip)", "From (time)"]
            ]
          },
          end: {
            join: [
              ["Tot (datum)", "Until (date)", "To (date)"],
              ["Tot (tijdstip)", "Until (time)", "To (time)"]
            ]
          },
          value: "Volume",
          quality: {
            column: ["Validatiestatus", "Validation status"],
            values: {
              ...{Uitgelezen: "measured", Read: "measured", "Geen verbruik": "measured", "No consumption": "measured"},
              ...{Gevalideerd: "measured", Validated: "measured"},
              ...{Geschat: "estimated", Estimated: "estimated"}
            },
            optional: true
          }
        },
        categories: [
          {
            column: "Register",
            values: {
              "Afname Dag": {channel: "import", fuel: "electricity"},
              "Afname Nacht": {channel: "import", fuel: "electricity"},
              Afname: {channel: "import"},
              "Injectie Dag": {channel: "export", fuel: "electricity"},
              "Injectie Nacht": {channel: "export", fuel: "electricity"},
              Injectie: {channel: "export", fuel: "electricity"},
              "Offtake Day": {channel: "import", fuel: "electricity"},
              "Offtake Night": {channel: "import", fuel: "electricity"},
              Offtake: {channel: "import"},
              "Injection Day": {channel: "export", fuel: "electricity"},
              "Injection Night": {channel: "export", fuel: "electricity"},
              Injection: {channel: "export", fuel: "electricity"}
            }
          },
          {
            column: ["Eenheid", "Unit"],
            name: "unit",
            values: {
              kWh: {unit: "kWh"},
              Wh: {unit: "Wh"},
              "m³": {unit: "m3", fuel: "gas", problem: gasVolume},
              m3: {unit: "m3", fuel: "gas", problem: gasVolume}
            }
          }
        ]
      }
    }
  ]
};
