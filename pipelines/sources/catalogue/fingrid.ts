import type {KnownFormat} from "./known_format.js";

/** Quarters and hours from Fingrid's Datahub, Finland: `consumption.csv`. */
export const fingrid: KnownFormat = {
  name: "fingrid",
  title: "Fingrid Datahub, Finland",
  namesMeter: "sometimes",
  kinds: [
    {
      settings: {
        timeZone: "Europe/Helsinki",
        decimalMark: ",",
        policy: "utc",
        fuel: "electricity",
        channel: "import",
        columns: {
          meter_id: {column: ["Mittauspisteen tunnus", "Metering point EAN", "Metering point GSRN"], optional: true},
          resolution: {
            column: ["Resoluutio", "Resolution"],
            values: {
              ...{PT5M: "5min", PT5MIN: "5min", PT15M: "15min", PT15MIN: "15min", PT30M: "30min", PT30MIN: "30min"},
              ...{PT1H: "60min", PT60M: "60min", PT60MIN: "60min"}
            }
          },
          start: ["Alkuaika", "Start time", "Start"],
          value: {column: ["Määrä", "Quantity"], values: {null: null}, others: "keep"},
          unit: {column: ["Yksikkötyyppi", "Unit type"], values: {kWh: "kWh", Wh: "Wh", MWh: "MWh"}},
          quality: {
            column: ["Laatu", "Quality"],
            values: {OK: "measured", MISSING: "measured", ESTIMATED: "estimated", UNCERTAIN: "estimated"},
            optional: true
          }
        },
        categories: [
          {
            column: ["Tuotteen tyyppi", "Product type"],
            name: "product type",
            // Active energy; reactive energy has numbers of its own.
            values: {"": {}, "8716867000030": {}},
            optional: true
          }
        ]
      }
    }
  ]
};
