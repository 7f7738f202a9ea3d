import {cp, mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {vacuumLake} from "../../pipelines/care.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {type Erased, eraseCustomer} from "../../pipelines/erasure/erase.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import type {TableDigest} from "../../pipelines/models/lake_digest.js";
import {erasureProblems, isProven} from "../../pipelines/observe/erasure_report.js";
import type {Step} from "../../pipelines/observe/steps.js";
import {readArrivals} from "../../pipelines/sources/arrivals.js";
import {openErasure} from "../../pipelines/sources/erasure_request.js";
import {sources as configured} from "../../pipelines/sources/sources.js";
import {filesWith, mixedLake, sources, sql, texts} from "../erasure/lake.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";
import {isThorough} from "./effort.js";
import {count} from "./summary.js";
import {give} from "./verbs.js";

const order = {client: "acme", location: "home-7", meters: [], by: "anna"};
const options = (lake: TestLake) => ({lake: lake.folder, sources, sql: sql()});

let lake: TestLake;
let before: TableDigest[];
let undisturbed: {erased: Erased; digest: TableDigest[]};

beforeAll(async () => {
  lake = await mixedLake();
  await lake.run({sources});
  before = await lake.digest();
  const copy = await lake.copy();
  undisturbed = {erased: await eraseCustomer(options(copy), order), digest: await copy.digest()};
  await copy.remove();
});
afterAll(() => lake.remove());

/** Erases in a process that dies at a step. */
async function killedAt(copy: TestLake, stopAt: `${Step}:${number}`): Promise<NodeJS.Signals | undefined> {
  return (await give({verb: "erase", options: options(copy), customer: order}, {stopAt})).signal;
}

const allSteps: readonly (readonly [Step, number])[] = [
  ["after request", 1],
  ["after plan", 1],
  ["after tombstones", 1],
  ["between files", 1],
  ["between files", 4],
  ["after rewriting", 1],
  ["between bronze", 1],
  ["between bronze", 2],
  ["between tables", 35],
  ["after link", 9],
  ["before recording", 2],
  ["after rebuild", 1],
  ["between purges", 1],
  ["between purges", 9],
  ["before closing", 1]
];
/** One of three, unless there is time for all. */
const steps = isThorough ? allSteps : allSteps.filter((_, index) => index % 3 === 0);

describe("an erasure that is killed", () => {
  it.for(steps)(
    "%s, time %i, stays open until it is asked for again, and the lake can be read",
    async ([step, at], {task}) => {
      const copy = await lake.copy();
      expect(await killedAt(copy, `${step}:${at}`)).toBe("SIGKILL");
      expect([before, undisturbed.digest]).toContainEqual(await copy.digest());
      expect(await openErasure(join(copy.folder, "landing"))).toMatchObject(order);
      await expect(copy.run({sources})).rejects.toThrow(
        /^erasure open: of a customer of acme, begun .* by anna; finish it first: npm run -s lake -- erase --resume$/
      );
      await expect(eraseCustomer(options(copy), {...order, location: "home-8"})).rejects.toThrow(
        /^another erasure is open/
      );
      const erased = await eraseCustomer(options(copy), at % 2 === 0 ? order : undefined);
      expect(isProven(erased)).toBe(true);
      expect(erased.rows_removed).toEqual(undisturbed.erased.rows_removed);
      expect(await copy.digest()).toEqual(undisturbed.digest);
      for (const id of ['home-7"', "home-7,", "export-72"]) expect(await filesWith(copy.folder, id)).toEqual([]);
      expect((await copy.run({sources})).tables.every(({outcome}) => outcome === "unchanged")).toBe(true);
      await copy.remove();
      count(task, "steps", "erase");
    }
  );
});

describe("an erasure", () => {
  it("and another leave landing such that a lake built anew from it is the same, though two contents become one", async () => {
    const copy = await lake.copy();
    const lines = texts["homes/lines.jsonl"]!.split("\n").filter((line) => !line.includes('home-7"'));
    await writeFile(join(copy.folder, "landing", "homes", "later.jsonl"), lines.join("\n"));
    await copy.run({sources});
    for (const location of ["home-7", "home-8"])
      expect(isProven(await eraseCustomer(options(copy), {...order, location}))).toBe(true);
    const arrivals = await readArrivals(join(copy.folder, "landing"));
    expect(arrivals.map(({arrival}) => arrival)).toEqual(arrivals.map((_, index) => index + 1));
    expect(arrivals.filter(({erased}) => erased)).toHaveLength(4);
    expect(arrivals.filter(({again}) => again).map(({path}) => path)).toEqual(["homes/later.jsonl"]);
    expect((await copy.run({sources})).tables.every(({outcome}) => outcome === "unchanged")).toBe(true);
    const digest = await copy.digest();
    await copy.empty();
    expect((await copy.run({sources})).complete).toBe(true);
    expect(await copy.digest()).toEqual(digest);
    await copy.remove();
  });

  it("leaves every table readable and fit for vacuum, those too that told of a rejected file named by his id", async () => {
    const copy = await lake.copy();
    await writeFile(join(copy.folder, "landing", "hub", "home-7 torn.csv"), Buffer.from([0xff, 0xfe, 0xfa, 10, 0xff]));
    await copy.run({sources});
    await eraseCustomer(options(copy), order);
    const opened = await openLakehouse(copy.folder, undefined, {sql: copy.sql});
    try {
      for (const table of await opened.tables())
        await opened.read(`SELECT count(*) FROM ${table}`, (rows) => rows.getRowsJson());
      expect(await opened.read("SELECT file FROM bronze.file_reject", (rows) => rows.getRowsJson())).toEqual([
        ["hub/erased torn.csv"]
      ]);
    } finally {
      await opened.close();
    }
    await vacuumLake(copy.folder, {retainMilliseconds: 0, dryRun: false});
    await copy.remove();
  });

  it("names files that no table could be read from, when they hold the customer", async () => {
    const copy = await lake.copy();
    await mkdir(join(copy.folder, "landing", "_rejected", "hub"), {recursive: true});
    await writeFile(join(copy.folder, "landing", "_rejected", "hub", "torn.csv"), "meter_id,value\nimport-81,1,,,");
    const erased = await eraseCustomer(options(copy), {...order, location: "home-8"});
    expect(erased.search.hits).toEqual([{kind: "landing", place: "_rejected/hub/torn.csv"}]);
    expect(erasureProblems(erased)).toEqual([
      "id left in a file: _rejected/hub/torn.csv; no table tells which of its rows are the customer's: look into it and remove it"
    ]);
    await copy.remove();
  });

  it("takes a meter out of a supplier's database, and its own files away", async () => {
    const folder = modelsOf(
      ...["smart_meter_reading", "smart_meter_agreement", "smart_meter_product", "smart_meter_point"]
    );
    const supply = await testLake(folder);
    await cp("lake/landing/smart-meter", join(supply.folder, "landing", "smart-meter"), {recursive: true});
    const sources = configured.filter(({name}) => name === "smart_meter");
    await supply.run({sources});
    const meter = "8e78107222";
    const erased = await eraseCustomer(
      {lake: supply.folder, sources, sql: folder},
      {client: "smart-meter", meters: [meter], by: "anna"}
    );
    expect(erasureProblems(erased)).toEqual([]);
    expect(await filesWith(supply.folder, meter)).toEqual([]);
    expect(erased.files.map(({new_sha256, rows_removed}) => [new_sha256 === null, rows_removed])).toEqual([
      [false, 1],
      [false, 3],
      [true, 624],
      [true, 6]
    ]);
    const digest = await supply.digest();
    expect((await supply.run({sources})).tables.every(({outcome}) => outcome === "unchanged")).toBe(true);
    await supply.empty();
    await supply.run({sources});
    expect(await supply.digest()).toEqual(digest);
    await supply.remove();
  });

  it.each([
    ["a device", {meters: ["device_01"]}, ["device_01"]],
    ["a site with its devices", {location: "site_02", meters: []}, ["site_02"]]
  ])("takes %s out of telemetry, and out of the truth of generated data", async (_, who, ids) => {
    const folder = modelsOf("telemetry", "telemetry_device");
    const site = await testLake(folder);
    await cp("lake/landing/telemetry", join(site.folder, "landing", "telemetry"), {recursive: true});
    await mkdir(join(site.folder, "truth"));
    const database = await openDuckDB();
    const truth = join(site.folder, "truth", "homes.parquet");
    await database.run(
      `COPY (SELECT * FROM (VALUES ('device_01', 'site_02', 1), ('device_99', 'site_9', 2)) AS t(device_id, site_id, wh)) TO '${truth}' (FORMAT parquet)`
    );
    const sources = configured.filter(({name}) => name === "telemetry");
    await site.run({sources});
    const erased = await eraseCustomer(
      {lake: site.folder, sources, sql: folder},
      {client: "telemetry", ...who, by: "anna"}
    );
    expect(erasureProblems(erased)).toEqual([]);
    for (const id of ids) expect(await filesWith(site.folder, id)).toEqual([]);
    expect(await database.rows(`SELECT wh FROM '${truth}'`)).toEqual([{wh: 2}]);
    database.close();
    const digest = await site.digest();
    await site.empty();
    await site.run({sources});
    expect(await site.digest()).toEqual(digest);
    await site.remove();
  });
});
