import {mkdir, readFile, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {gzipSync} from "node:zlib";
import sqlite from "node-sqlite3-wasm";
import {type Connection, literal, openDuckDB} from "../../../pipelines/engines/duckdb.js";
import {openProject} from "../../../pipelines/models/project.js";
import {land} from "../../../pipelines/sources/arrivals.js";
import {knownFormats} from "../../../pipelines/sources/catalogue/catalogue.js";
import {landFormat} from "../../../pipelines/sources/catalogue/land_format.js";
import {sources} from "../../../pipelines/sources/sources.js";
import {writeSnapshot} from "../../../scripts/generate/smart_meter.js";
import type {TestLake} from "../../support/lake.js";
import {type BadFile, kindsOf} from "./bad_file.js";
import {days, daysSql} from "./days.js";
import {limits} from "./limits.js";
import {makeMisfits} from "./misfits.js";
import {agreements, snapshot} from "./snapshot.js";

const meter = {format: "interval_row", timeZone: "Europe/Vilnius", fuel: "electricity", channel: "import"};

/** Sources whose labels are read by policies that none of the program's has. */
const policies = [
  {name: "offset", policy: "label_offset"},
  {name: "letters", policy: "label_3a_3b"},
  {name: "slots", policy: "variable_length"},
  {name: "fixed", policy: "fixed_slots_sum_double"},
  {name: "day_first", folder: "day-first", policy: "label_in_order", timeFormat: "day_first"}
].map((source) => ({folder: source.name, ...meter, ...source}));

/** Good files of the kinds that no file of good and bad rows is of. */
const goodTable =
  "client_id,meter_id,fuel,channel,start,resolution,value,unit\na,zipped,electricity,import,2022-03-01T00:00:00Z,60min,1.5,kWh\n";
export const goodFiles = [
  "intervals/good.csv.gz",
  "intervals/good.parquet",
  "weather/stations.jsonl",
  "homes/good.json"
];

/** A file that another took the place of, after it was found and before it was read. */
export const replaced: BadFile = {
  path: "intervals/replaced.csv",
  kinds: kindsOf("bronze.file_reject", [
    ["a file replaced before it was read", undefined, "its content is no longer in the landing folder"]
  ]),
  hasGood: true
};

/** Lands all files, and gives where each lies: what is landed by its format is named by its content. */
export async function landAll(lake: TestLake, files: readonly BadFile[]): Promise<ReadonlyMap<BadFile, string>> {
  const landing = join(lake.folder, "landing");
  await writeFile(join(lake.folder, "sources.json"), JSON.stringify({limits, sources: policies}));
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(landing, path)), {recursive: true});
    await writeFile(join(landing, path), content);
  };
  await write(replaced.path, goodTable);
  await land(landing, sources);
  await write(replaced.path, goodTable.replace("zipped", "replaced"));
  for (const {path, content, format} of files) if (content !== undefined && !format) await write(path, content);
  await write("intervals/good.csv.gz", gzipSync(goodTable));
  await write("weather/stations.jsonl", stations);
  await write("homes/good.json", JSON.stringify(goodHome));
  await makeMisfits(landing);
  await writeDatabases(write, landing);
  const duckdb = await openDuckDB();
  await writeParquet(duckdb, write, landing);
  const places = await landFormats(duckdb, lake, files);
  duckdb.close();
  return new Map(files.map((file) => [file, places.get(file) ?? file.path]));
}

const goodHome = {client_id: "h", location_id: "good", latitude: 54.7, longitude: 25.3, time_zone: "Europe/Vilnius"};

const stations = [
  {station_code: "good", name: "Good", latitude: 54.5, longitude: 25},
  {station_code: "nowhere", name: "Nowhere", longitude: 25},
  {station_code: "beyond", name: "Beyond", latitude: 95.5, longitude: 25}
]
  .map((station) => `${JSON.stringify(station)}\n`)
  .join("");

type Write = (path: string, content: string | Buffer) => Promise<void>;

async function writeDatabases(write: Write, landing: string): Promise<void> {
  const file = (name: string) => join(landing, "smart-meter", name);
  await writeSnapshot(snapshot, join(landing, agreements.path));
  const whole = await readFile(join(landing, agreements.path));
  await write("smart-meter/torn.db", whole.subarray(0, 9000));
  await write("smart-meter/damaged.db", Buffer.from(whole).fill(0xff, 4096, 4200));
  for (const [name, sql] of [
    ["tableless.db", "DROP TABLE product"],
    ["value.db", "UPDATE product SET display_name = hex(zeroblob(50000))"]
  ] as const) {
    await writeSnapshot(snapshot, file(name));
    const database = new sqlite.Database(file(name));
    database.exec(sql);
    database.close();
  }
}

async function writeParquet(duckdb: Connection, write: Write, landing: string): Promise<void> {
  const copy = async (path: string, sql: string) => {
    await write(path, "");
    await duckdb.run(`COPY (${sql}) TO ${literal(join(landing, path))} (FORMAT parquet)`);
  };
  await copy(days.path, daysSql);
  await copy("eliq/fruit.parquet", "SELECT 'apple' AS name, 1 AS price");
  await copy(
    "eliq/text date.parquet",
    "SELECT 'c' AS client_id, 'today' AS date, 'm' AS ext_dev_ref, [1::BIGINT] AS energy_consumption, '60min' AS resolution"
  );
  await copy(
    "intervals/good.parquet",
    "SELECT 'a' AS client_id, 'table' AS meter_id, 'electricity' AS fuel, 'import' AS channel, '2022-03-01T00:00:00Z' AS start, '60min' AS resolution, '1.5' AS value, 'kWh' AS unit"
  );
  const whole = await readFile(join(landing, "intervals/good.parquet"));
  await write("intervals/half.parquet", whole.subarray(0, whole.length / 2));
  await write("intervals/damaged.parquet", Buffer.from(whole).fill(0xff, 4, 120));
}

async function landFormats(duckdb: Connection, lake: TestLake, files: readonly BadFile[]) {
  const {models} = await openProject(duckdb, {sql: lake.sql});
  const dock = {
    ...{landing: join(lake.folder, "landing"), database: duckdb},
    models: new Map(models.map((model) => [model.name, model]))
  };
  const places = new Map<BadFile, string>();
  for (const file of files) {
    if (!file.format) continue;
    const {name, ...said} = file.format;
    const outside = join(lake.folder, file.path);
    await writeFile(outside, file.content!);
    const {path, reason} = await landFormat(dock, knownFormats.find((format) => format.name === name)!, outside, said);
    if (reason !== undefined) throw new Error(`${file.path}: ${reason}`);
    places.set(file, path!);
  }
  return places;
}
