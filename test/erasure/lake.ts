import {mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {gunzipSync, gzipSync} from "node:zlib";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {Source} from "../../pipelines/sources/source.js";
import {sources as configured} from "../../pipelines/sources/sources.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

/** The models of what belongs to customers, but for a supplier's database. */
export const sql = () => modelsOf("eliq_daily", "interval_row", "home_document");

/** Readings that name their client, beside the sources there are. */
export const sources: readonly Source[] = [
  ...configured.filter(({name}) => ["eliq", "homes"].includes(name)),
  {
    name: "hub",
    folder: "hub",
    format: "interval_row",
    timeZone: "Europe/Vilnius",
    policy: "utc",
    unit: "kWh",
    fuel: "electricity",
    channel: "import"
  }
];

const header = "client_id,meter_id,location_id,label,resolution,value,note";
const reading = (client: string, meter: string, location: string, hour: number, value: string, note = "") =>
  `${client},${meter},${location},2022-05-01T${String(hour).padStart(2, "0")}:00Z,60min,${value},${note}`;
const home = (client: string | undefined, location: string, more: object = {}) =>
  JSON.stringify({
    ...{client_id: client, location_id: location, latitude: 54.7, longitude: 25.3, country: "LT"},
    ...{time_zone: "Europe/Vilnius", ...more}
  });

/** Text files by their path, each with home-7, or a meter of it, beside others. */
export const texts: Readonly<Record<string, string>> = {
  "hub/days.csv": [
    header,
    reading("acme", "import-71", "home-7", 0, "1.5"),
    reading("acme", "import-81", "home-8", 0, "2.5", '"two\nlines"'),
    reading("acme", "import-71", "", 1, "1.25"),
    reading("other", "import-91", "home-9", 0, "3.5"),
    reading("acme", "import-81", "home-8", 1, "nothing"),
    reading("acme", "import-71", "home-7", 2, "nothing"),
    // Was at another home before.
    reading("acme", "moved-73", "home-8", 3, "6.5"),
    reading("acme", "moved-73", "home-7", 4, "7.5"),
    ""
  ].join("\r\n"),
  "hub/import-71.csv": [header, reading("acme", "import-71", "home-7", 3, "0.5"), ""].join("\n"),
  "homes/acme/home-7.json": home(undefined, "home-7", {floor_area_m2: 70}),
  "homes/acme/all.json": `[\n ${home(undefined, "home-7", {valid_from: "2022-01-01"})},\n ${home("acme", "home-8")},\n ${home("other", "home-9")}\n]\n`,
  "homes/lines.jsonl": [
    home("acme", "home-8", {valid_from: "2022-02-01"}),
    "",
    home("acme", "home-7", {occupants: 2}),
    '{"client_id": "acme", "location_id": "home-7", "occup',
    '{"client_id": "acme", "location_id": "home-77", "occup',
    ""
  ].join("\n")
};

/** Packed lines of readings. */
export const packed = [
  {client_id: "acme", meter_id: "import-71", label: "2022-05-02T00:00Z", resolution: "60min", value: "4.5"},
  {client_id: "acme", meter_id: "import-81", label: "2022-05-02T00:00Z", resolution: "60min", value: "5.5"}
].map((record) => JSON.stringify(record));

/** A lake of several clients, meters and locations, in files of every format; nothing is taken in yet. */
export async function mixedLake(): Promise<TestLake> {
  const lake = await testLake(sql());
  const put = async (path: string, content: string | Buffer) => {
    const file = join(lake.folder, "landing", path);
    await mkdir(dirname(file), {recursive: true});
    await writeFile(file, content);
  };
  for (const [path, text] of Object.entries(texts)) await put(path, text);
  await put("hub/packed.jsonl.gz", gzipSync(`${packed.join("\n")}\n`));
  await lake.land("eliq/two.parquet", [
    ["2022-05-01", 100, "import-71"],
    ["2022-05-01", 200, "device-2"],
    ["2022-05-02", 300, "import-71"]
  ]);
  const database = await openDuckDB();
  await database.run(
    `COPY (SELECT 'acme' AS client_id, meter_id, location_id, '2022-05-03T00:00Z' AS label, '60min' AS resolution, 1.5::DECIMAL(9,3) AS value
           FROM (VALUES ('export-72', 'home-7'), ('import-81', 'home-8')) AS t(meter_id, location_id))
     TO ${literal(join(lake.folder, "landing", "hub", "third.parquet"))} (FORMAT parquet)`
  );
  database.close();
  return lake;
}

/** Every file below a folder, by its path. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The files that hold a text: in their name, in their bytes, unpacked, or in a row of Parquet. */
export async function filesWith(folder: string, id: string): Promise<string[]> {
  const database = await openDuckDB();
  const found: string[] = [];
  for (const file of await filesIn(folder)) {
    const bytes = await readFile(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
    const rows = file.endsWith(".parquet")
      ? await database.rows(
          `SELECT 1 FROM read_parquet(${literal(file)}, hive_partitioning = false) AS held WHERE CAST(held AS VARCHAR) LIKE '%${id}%' LIMIT 1`
        )
      : [];
    if (file.slice(folder.length).includes(id) || text.includes(id) || rows.length > 0) found.push(file);
  }
  database.close();
  return found;
}
