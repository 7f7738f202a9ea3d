import type {FormatSettings, KnownFormat} from "./known_format.js";

const common = {
  timeZone: "America/Los_Angeles",
  policy: "label_in_order",
  timeFormat: "month_first",
  categories: [
    {
      column: "TYPE",
      values: {
        "Electric usage": {fuel: "electricity"},
        "Electricity usage": {fuel: "electricity"},
        "Natural gas usage": {fuel: "gas"},
        "Gas usage": {fuel: "gas"}
      }
    }
  ],
  layout: {
    measures: [
      {column: "USAGE", set: {channel: "import"}, optional: true},
      {column: "USAGE (kWh)", set: {channel: "import", unit: "kWh"}, optional: true},
      {column: ["USAGE (therms)", "USAGE (therm)"], set: {channel: "import", unit: "therm"}, optional: true},
      {column: "IMPORT (kWh)", set: {channel: "import", unit: "kWh"}, optional: true},
      {column: "EXPORT (kWh)", set: {channel: "export", unit: "kWh"}, optional: true}
    ]
  },
  preamble: [
    '"?(Name|Address|Account|Account Number|Service|Service Address|Meter|Meter Number|Disclaimer)\\b.*',
    "[,\\s]*"
  ]
} as const satisfies Partial<FormatSettings>;

const unit = {
  column: "UNITS",
  values: {kWh: "kWh", Wh: "Wh", therms: "therm", therm: "therm"},
  optional: true
} as const;

/** The CSV of PG&E and of other utilities whose portals are of the same maker: the end of an interval is its last minute. */
export const pge: KnownFormat = {
  name: "pge",
  title: "PG&E's CSV and its like",
  namesMeter: "never",
  kinds: [
    {
      settings: {
        ...common,
        columns: {
          start: {join: ["DATE", "START TIME"]},
          end: {join: ["DATE", "END TIME"], plusMinutes: 1},
          unit
        }
      }
    },
    {
      suffix: "day",
      settings: {...common, columns: {start: "DATE", resolution: {constant: "day"}, unit}}
    }
  ]
};
