import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {plusDays} from "../../pipelines/delta/slice.js";

/** The kinds of small files: what `writeSmallFiles` writes of each. */
export const smallKinds = ["csv", "titled", "lines", "telemetry", "homes"] as const;
export type SmallKind = (typeof smallKinds)[number];

/** The source of `titled`, whose meters stand above the header, as a lake's `sources.json` has it. */
const titledSource = {
  ...{name: "titled", folder: "titled", format: "interval_row", clientId: "titled", timeZone: "Europe/Vilnius"},
  ...{policy: "label_in_order", unit: "kWh", fuel: "electricity", channel: "import", preamble: [".*"]},
  columns: {meter_id: {above: "Meter"}, start: "Start", end: "End", value: "Value"}
};

/** Writes files of three rows or one document each into a lake's landing folder; `first` is the number of the first. */
export async function writeSmallFiles(lake: string, kind: SmallKind, first: number, files: number): Promise<void> {
  await mkdir(lake, {recursive: true});
  if (kind === "titled") await writeFile(join(lake, "sources.json"), JSON.stringify({sources: [titledSource]}));
  const folders = new Set<string>();
  for (let number = first; number < first + files; number++) {
    const [path, text] = contents[kind](number);
    const file = join(lake, "landing", path);
    if (!folders.has(dirname(file))) await mkdir(dirname(file), {recursive: true});
    folders.add(dirname(file));
    await writeFile(file, text);
  }
}

/** By kind, the path and the text of the file of a number. */
const contents: Readonly<Record<SmallKind, (number: number) => [path: string, text: string]>> = {
  csv: (number) => [
    `intervals/${place(number)}.csv`,
    table(
      "client_id,meter_id,fuel,channel,unit,start,resolution,value",
      rowsOf(number, (start, value) => `c${number % 50},m${number},electricity,import,kWh,${start}:00Z,60min,${value}`)
    )
  ],
  titled: (number) => [
    `titled/${place(number)}.csv`,
    `Customer;${number}\nMeter;m${number}\n${table(
      "Start;End;Value",
      rowsOf(number, (start, value, end) => `${start};${end};${value}`)
    )}`
  ],
  lines: (number) => [
    `intervals/${place(number)}.jsonl`,
    rowsOf(number, (start, value) =>
      JSON.stringify({client_id: "c", meter_id: `m${number}`, ...metered, start: `${start}Z`, value})
    ).join("\n")
  ],
  telemetry: (number) => {
    const [device, site] = [`device_${number % 2000}`, `site_${number % 50}`];
    const date = plusDays("2025-01-01", Math.floor(number / 2000));
    const records = [0, 1, 2].map((hour) =>
      JSON.stringify({ts_utc: `${date}T0${hour}:00:00Z`, device_id: device, site_id: site, ...measured})
    );
    return [`telemetry/${date.replaceAll("-", "/")}/${site}/${device}.jsonl`, records.join("\n")];
  },
  homes: (number) => [
    `homes/city/${place(number)}.json`,
    JSON.stringify({client_id: "city", location_id: `h${number}`, valid_from: "2020-01-01", country: "LT", ...home})
  ]
};

const metered = {fuel: "electricity", channel: "import", unit: "kWh", resolution: "60min"};
const measured = {
  ...{power_w: 326.6, energy_wh: 326.6, voltage_v: 225.8, current_a: 1.45, temperature_c: 19.7},
  ...{soc_percent: 45, status: "OK"}
};
const home = {latitude: 54.7, longitude: 25.3, time_zone: "Europe/Vilnius", dwelling_type: "house", occupants: 2};

function place(number: number): string {
  return [Math.floor(number / 1000), number].map((part) => String(part).padStart(6, "0")).join("/");
}

function table(header: string, rows: readonly string[]): string {
  return `${header}\n${rows.join("\n")}\n`;
}

/** Three hours of a day in January 2022. */
function rowsOf(number: number, row: (start: string, value: string, end: string) => string): string[] {
  const date = plusDays("2022-01-01", number % 28);
  const value = (hour: number) => (1 + ((number * 7 + hour) % 13) / 10).toFixed(3);
  return [5, 6, 7].map((hour) => row(`${date}T0${hour}:00`, value(hour), `${date}T0${hour + 1}:00`));
}
