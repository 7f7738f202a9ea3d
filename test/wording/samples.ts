import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import type {Sample} from "./broken_files.js";

const landing = "lake/landing";

/** The beginning of a file of the sample lake: so many of its lines. */
async function lines(path: string, count: number): Promise<Buffer> {
  const bytes = await readFile(join(landing, path));
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return Buffer.from(`${text.split("\n").slice(0, count).join("\n")}\n`);
}

const open = JSON.stringify({
  latitude: 54.7,
  longitude: 25.3,
  utc_offset_seconds: 0,
  hourly_units: {time: "iso8601", temperature_2m: "°C"},
  hourly: {time: ["2022-01-01T00:00", "2022-01-01T01:00"], temperature_2m: [1.5, 2]}
});

const intervals = [
  "client_id,meter_id,location_id,fuel,channel,start,value,unit",
  "a,m,l,electricity,import,2022-01-01T00:00:00Z,1.5,kWh",
  "a,m,l,electricity,import,2022-01-01T01:00:00Z,1.25,kWh"
];

/** A whole file for each source of the program and each kind of file that it takes. */
export async function samples(): Promise<Sample[]> {
  return [
    {folder: "eliq", ending: "parquet", bytes: await readFile(join(landing, "eliq/home_assignment_raw_data.parquet"))},
    {
      folder: "smart-meter/readings",
      ending: "json",
      bytes: Buffer.from(
        JSON.stringify({
          columns: ["interval_start", "consumption_delta", "meterpoint_id"],
          data: [
            ["2021-03-22 00:00:00", 0.1, "00c234eaea"],
            ["2021-03-22 00:30:00", 0.2, "00c234eaea"]
          ]
        })
      )
    },
    {folder: "smart-meter", ending: "db", bytes: await readFile(join(landing, "smart-meter/supply-2021-04-01.db"))},
    {folder: "intervals", ending: "csv", bytes: Buffer.from(`${intervals.join("\n")}\n`)},
    {
      folder: "intervals",
      ending: "jsonl",
      bytes: Buffer.from('{"meter_id": "m", "start": "2022-01-01T00:00:00Z", "value": 1.5, "unit": "kWh"}\n')
    },
    {
      folder: "intervals",
      ending: "parquet",
      bytes: await readFile(join(landing, "intervals/2022-02/homes-00001-00010_late.parquet"))
    },
    {folder: "telemetry", ending: "jsonl", bytes: await lines("telemetry/2025/08/02/site_01/device_01.jsonl", 3)},
    {folder: "telemetry", ending: "csv", bytes: await lines("telemetry/devices.csv", 3)},
    {folder: "weather", ending: "csv", bytes: await lines("weather/vilniaus-ams_2022.csv.gz", 4)},
    {folder: "weather", ending: "jsonl", bytes: await lines("weather/stations.jsonl", 1)},
    {folder: "weather", ending: "json", bytes: Buffer.from(open)},
    {folder: "load", ending: "csv", bytes: await lines("load/202203.csv.gz", 4)},
    {
      folder: "reliability/state",
      ending: "csv",
      bytes: await lines("reliability/state/consolidated_ieee_data_by_state_year.csv", 3)
    },
    {
      folder: "reliability/utility",
      ending: "csv",
      bytes: await lines("reliability/utility/eia_reliability_2013_2024.csv", 3)
    },
    {folder: "outages", ending: "csv", bytes: await lines("outages/outage_data.csv.gz", 12)},
    {folder: "interruptions", ending: "csv", bytes: await lines("interruptions/2017.csv", 4)},
    {folder: "prices", ending: "xml", bytes: await lines("prices/10YLT-1001A0008Q_2025-09-26.xml", 400)},
    {folder: "prices", ending: "csv", bytes: await lines("prices/SE4_2025-09-26.csv", 4)},
    {folder: "homes", ending: "json", bytes: await lines("homes/profiles.jsonl", 1)},
    {folder: "homes", ending: "jsonl", bytes: await lines("homes/profiles.jsonl", 2)}
  ];
}
