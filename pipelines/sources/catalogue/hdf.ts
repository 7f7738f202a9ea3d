import type {KnownFormat} from "./known_format.js";

/** Half hours from the portal of ESB Networks, Ireland: `HDF_calckWh_MPRN_date.csv` and `HDF_kW_MPRN_date.csv`. */
export const hdf: KnownFormat = {
  name: "hdf",
  title: "HDF, the harmonised downloadable file of Ireland's network operator",
  namesMeter: "always",
  kinds: [
    {
      settings: {
        timeZone: "Europe/Dublin",
        policy: "label_in_order",
        labelAt: "end",
        timeFormat: "day_first",
        fuel: "electricity",
        columns: {
          meter_id: "MPRN",
          value: "Read Value",
          label: "Read Date and End Time",
          resolution: {constant: "30min"}
        },
        categories: [
          {
            column: "Read Type",
            values: {
              "Active Import Interval (kWh)": {channel: "import", unit: "kWh"},
              "Active Export Interval (kWh)": {channel: "export", unit: "kWh"},
              "Active Import Interval (kW)": {channel: "import", unit: "kW"},
              "Active Export Interval (kW)": {channel: "export", unit: "kW"}
            }
          }
        ]
      }
    }
  ]
};
