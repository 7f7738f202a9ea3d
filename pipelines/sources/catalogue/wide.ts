import type {KnownFormat} from "./known_format.js";

/**
 * A day a row, its values in 24, 48 or 96 columns. Ausgrid's solar homes are such a table: GC is general consumption, GG gross
 * generation, CL controlled load, which has a register of its own.
 */
export const wide: KnownFormat = {
  name: "wide",
  title: "tables with a day in each row",
  namesMeter: "sometimes",
  kinds: [
    {
      settings: {
        fuel: "electricity",
        channel: "import",
        unit: "kWh",
        timeFormat: "day_first",
        columns: {
          meter_id: {
            column: ["Customer", "Meter", "Meter ID", "Meter_ID", "NMI", "Site", "Site ID", "ID", "MPAN", "MPRN"],
            optional: true
          },
          quality: {
            column: ["Row Quality", "Quality"],
            values: {"": "measured", A: "measured", NA: "estimated", E: "estimated"},
            optional: true
          }
        },
        categories: [
          {
            column: ["Consumption Category", "Category"],
            values: {
              GC: {channel: "import"},
              GG: {channel: "production"},
              CL: {channel: "import", meter_suffix: " CL"}
            },
            optional: true
          }
        ],
        // Whatever stands above the header, but for rows: ten values one behind the other.
        preamble: ["(?!(?:[^,;\\t|]*\\d[^,;\\t|]*[,;\\t|]){10}).*"],
        layout: {
          wide: {
            date: [
              "date",
              "day",
              "Settlement Date",
              "Reading Date",
              "Read Date",
              "Trading Date",
              "Usage Date",
              "READ_DATE"
            ]
          }
        }
      }
    }
  ]
};
