import {mkdir, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {RunResult} from "../../pipelines/pipeline.js";
import {sources} from "../../pipelines/sources/sources.js";
import {makeDevices, makeFiles} from "../../scripts/generate/telemetry/devices.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";
import {answersOf, type CameIn} from "./telemetry_oracle.js";

const options = {
  start: "2025-08-30",
  days: 4,
  rowsPerDevice: 48,
  seed: 3,
  rates: {faults: 0.05, duplicates: 0.04, outOfRange: 0.04, broken: 0.03}
};
// One device isn't in the list.
const devices = makeDevices(options.seed).slice(0, 9);
const telemetry = sources.filter(({name}) => name === "telemetry");

let lake: TestLake;
let first: RunResult;
const cameIn: CameIn[] = [];

async function land(path: string, lines: readonly string[]): Promise<void> {
  const file = join(lake.folder, "landing", "telemetry", path);
  await mkdir(dirname(file), {recursive: true});
  await writeFile(file, lines.map((line) => `${line}\n`).join(""));
  cameIn.push({date: path.slice(0, 10).replaceAll("/", "-"), lines});
}

const run = (asked = {}) => lake.run({sources: telemetry, ...asked});

beforeAll(async () => {
  lake = await testLake(modelsOf("telemetry", "telemetry_device"));
  const files = [...makeFiles(options)].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const {path, lines} of files) await land(path, lines);
  const list = devices.map((device) => `${Object.values(device).join(",")}\n`).join("");
  const file = join(lake.folder, "landing", "telemetry", "devices.csv");
  await writeFile(file, `device_id,site_id,device_type,capacity_kwh\n${list}`);
  first = await run();
});
afterAll(() => lake.remove());

const metrics = () => join(lake.folder, "metrics");
const qualityFiles = async () => (await readdir(metrics())).filter((name) => name.startsWith("quality_")).sort();

async function expectAnswers(): Promise<void> {
  const {rows, siteDays, quality} = answersOf(cameIn, devices);
  const kept = await lake.query(
    `SELECT * EXCLUDE (source, arrival, row_number) REPLACE (strftime(ts_utc, '%Y-%m-%dT%H:%M:%SZ') AS ts_utc)
     FROM silver.telemetry ORDER BY device_id, ts_utc`
  );
  expect(rows.length).toBeGreaterThan(1500);
  expect(kept).toEqual(rows.map((row) => Object.values(row)));
  expect(await lake.query("SELECT * EXCLUDE (month) FROM gold.site_day ORDER BY event_date, site_id")).toEqual(
    siteDays.map((row) => Object.values(row))
  );
  expect(await qualityFiles()).toEqual(Object.keys(quality).map((date) => `quality_${date}.json`));
  for (const [date, expected] of Object.entries(quality))
    expect(JSON.parse(await readFile(join(metrics(), `quality_${date}.json`), "utf8"))).toEqual(expected);
}

/** Where the files of a table are, by the log. */
async function filesOf(table: string): Promise<string[]> {
  const duckdb = await openDuckDB({threads: 1});
  const snapshot = await readSnapshot(duckdb, join(lake.folder, ...table.split(".")));
  duckdb.close();
  return snapshot!.files.map(({path}) => path);
}

/** The partitions, by their folders, of the files that are in one list only. */
function partitionsBetween(before: readonly string[], after: readonly string[]): string[] {
  const odd = [...before.filter((path) => !after.includes(path)), ...after.filter((path) => !before.includes(path))];
  return [...new Set(odd.map((path) => dirname(path)))].sort();
}

const built = ({tables}: RunResult) =>
  Object.fromEntries(tables.filter(({outcome}) => outcome === "built").map(({table, scope}) => [table, scope]));

describe("telemetry", () => {
  it("is cleaned, counted and summed as an independent computation does it", async () => {
    expect(first.complete).toBe(true);
    await expectAnswers();
  });

  it("is one file in the folder of a date and a site", async () => {
    const files = await filesOf("silver.telemetry");
    expect(files.length).toBe(options.days * 5);
    expect(files.map((path) => dirname(path)).sort()).toContain("event_date=2025-08-30/site_id=site_01");
  });

  it("says of its cleaning what undoes it", async () => {
    const [[differing]] = (await lake.query(
      `SELECT count(*) FROM silver.telemetry AS row JOIN bronze.telemetry AS record USING (arrival, row_number)
       WHERE (coalesce(row.raw_power_w, row.power_w), coalesce(row.raw_soc_percent, row.soc_percent), coalesce(row.raw_temperature_c, row.temperature_c))
         IS DISTINCT FROM (record.power_w, record.soc_percent, record.temperature_c)`
    )) as [[string]];
    expect(differing).toBe("0");
  });

  it("lists a device that no list has, and warns of it", async () => {
    expect(await lake.query("SELECT DISTINCT device_id FROM quality.unknown_device")).toEqual([["device_10"]]);
    expect(first.tables.flatMap(({failures}) => failures.map(({table, severity}) => [table, severity]))).toEqual([
      ["quality.unknown_device", "warn"]
    ]);
  });

  it("of a late and corrected file replaces that date's partitions and no others", async () => {
    const before = {silver: await filesOf("silver.telemetry"), gold: await filesOf("gold.site_day")};
    const [sample] = [...makeFiles({...options, rates: {faults: 0, duplicates: 0, outOfRange: 0, broken: 0}})];
    const corrected = sample!.lines.slice(0, 10).map((line) => line.replace('"status":"OK"', '"status":"FAULT"'));
    const more = sample!.lines.slice(10, 12).map((line) => line.replace(/:00Z/, ":07Z"));
    await land("2025/08/30/site_01/device_01.late.jsonl", [...corrected, ...more]);
    const result = await run();
    expect(built(result)).toEqual({
      "quality.file_account": "all",
      "silver.telemetry": ["2025-08-30"],
      "gold.site_day": ["2025-08-30"],
      "quality.telemetry_day": ["2025-08-30"]
    });
    const sites = [1, 2, 3, 4, 5].map((site) => `event_date=2025-08-30/site_id=site_0${site}`);
    expect(partitionsBetween(before.silver, await filesOf("silver.telemetry"))).toEqual(sites);
    expect(partitionsBetween(before.gold, await filesOf("gold.site_day"))).toEqual(["."]);
    await expectAnswers();
    expect(built(await run()), "and again nothing").toEqual({});
  });

  it("goes to the date of its record, not of its folder", async () => {
    const line = [...makeFiles({...options, start: "2025-09-02", days: 1})][0]!.lines[0]!;
    await land("2025/09/09/site_01/device_01.jsonl", [line.replace(/T..:..:..Z/, "T23:59:59Z")]);
    expect(built(await run())["silver.telemetry"]).toEqual(["2025-09-02"]);
    await expectAnswers();
  });

  it("is built again for the dates asked for, and what comes out the same stays", async () => {
    const before = await filesOf("silver.telemetry");
    const result = await run({from: "2025-08-31", to: "2025-09-01"});
    const scopes = result.tables.filter(({scope}) => scope !== "nothing").map(({table, scope}) => [table, scope]);
    expect(scopes).toContainEqual(["silver.telemetry", ["2025-08-31", "2025-09-01"]]);
    expect(built(result)).toEqual({});
    expect(await filesOf("silver.telemetry")).toEqual(before);
  });

  it("has its quality files written again where they are gone or say otherwise", async () => {
    await rm(join(metrics(), "quality_2025-08-30.json"));
    await writeFile(join(metrics(), "quality_2025-08-31.json"), "{}");
    await writeFile(join(metrics(), "quality_1999-01-01.json"), "{}");
    await run();
    await expectAnswers();
  });

  it("takes in a list that names a device, and builds only what that changes", async () => {
    const device = makeDevices(options.seed)[9]!;
    const file = join(lake.folder, "landing", "telemetry", "devices-2.csv");
    await writeFile(file, `device_id,site_id,device_type,capacity_kwh\n${Object.values(device).join(",")}\n`);
    const before = await filesOf("gold.site_day");
    devices.push(device);
    const result = await run();
    expect(await filesOf("gold.site_day")).toEqual(before);
    expect(result.tables.flatMap(({failures}) => failures)).toEqual([]);
    await expectAnswers();
  });
});
