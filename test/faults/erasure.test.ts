import {cp, mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {type Erased, eraseCustomer} from "../../pipelines/erasure/erase.js";
import {openProject} from "../../pipelines/models/project.js";
import {erasureProblems, erasureText, isProven} from "../../pipelines/observe/erasure_report.js";
import {type Arrival, readArrivals} from "../../pipelines/sources/arrivals.js";
import {deliver} from "../../pipelines/sources/delivery.js";
import {readRefused} from "../../pipelines/sources/landed.js";
import {readTombstones} from "../../pipelines/sources/tombstones.js";
import {filesWith, mixedLake, packed, sources, sql, texts} from "../erasure/lake.js";
import type {TestLake} from "../support/lake.js";

let lake: TestLake;
let landing: string;
let before: {arrivals: Arrival[]; others: unknown; eliq: unknown};
let erased: Erased;
const order = {client: "acme", location: "home-7", meters: [], by: "anna"};
const options = () => ({lake: lake.folder, sources, sql: sql()});

beforeAll(async () => {
  lake = await mixedLake();
  landing = join(lake.folder, "landing");
  await lake.run({sources});
  before = {arrivals: await readArrivals(landing), others: await others(), eliq: await eliqRows()};
  // A copy that a killed process left.
  await mkdir(join(landing, ".incoming"));
  await writeFile(join(landing, ".incoming", "0f.csv"), texts["hub/days.csv"]!);
  // What processes left that were killed while they wrote to a table.
  for (const table of ["bronze/file_account", "bronze/home_document", "silver/slot"])
    await writeFile(join(lake.folder, table, "part-torn.parquet"), `PAR1 home-7, import-71 ${table}`);
  erased = await eraseCustomer(options(), order);
});
afterAll(() => lake.remove());

const others = () =>
  lake.query(
    `SELECT * FROM silver.reading
     WHERE NOT (client_id = 'acme' AND (meter_id LIKE 'import-71%' OR meter_id IN ('export-72', 'moved-73'))) ORDER BY ALL`
  );
const eliqRows = () => lake.query("SELECT client_id, meter_id, count(*) FROM silver.reading GROUP BY ALL ORDER BY ALL");

describe("a customer who is erased", () => {
  it("is in no file of the lake any more: no table, version, log or landing file", async () => {
    for (const id of ['home-7"', "home-7,", "export-72"]) expect(await filesWith(lake.folder, id)).toEqual([]);
    // The client of the other meter of that name is another one.
    const named = await filesWith(landing, "import-71");
    expect(named).toEqual([join(landing, "eliq/two.parquet")]);
    expect(erased.search.hits).toEqual([]);
    // What a meter told at another home stays.
    expect(
      await lake.query(
        "SELECT meter_id, interval_start, energy_kwh FROM silver.reading WHERE client_id = 'acme' AND meter_id <> 'import-81'"
      )
    ).toEqual([["moved-73", "2022-05-01 03:00:00+00", "6.500000"]]);
  });

  it("leaves the rows of others as they were, and says so", async () => {
    expect(await others()).toEqual(before.others);
    expect(erased.others.changed).toEqual([]);
    expect(erased.others.tables).toBeGreaterThan(10);
    expect(isProven(erased)).toBe(true);
    expect(erasureProblems(erased)).toEqual([
      "id of another client, too: import-71; it was searched for only where rows tell their client"
    ]);
    expect(erased.rows_removed).toMatchObject({
      "bronze.interval_row": 7,
      "bronze.home_document": 4,
      "silver.reading": 6
    });
  });

  it("leaves every other byte of text as it was, and takes away what holds nobody else", async () => {
    const lines = (path: string, gone: readonly number[], end: string) =>
      texts[path]!.split(end)
        .filter((_, index) => !gone.includes(index))
        .join(end);
    const text = (path: string) => readFile(join(landing, path), "utf8");
    expect(await text("hub/days.csv")).toBe(lines("hub/days.csv", [1, 3, 6, 8], "\r\n"));
    expect(await text("homes/acme/all.json")).toBe(lines("homes/acme/all.json", [1], "\n"));
    expect(await text("homes/lines.jsonl")).toBe(lines("homes/lines.jsonl", [2, 3], "\n"));
    expect(gunzipSync(await readFile(join(landing, "hub/packed.jsonl.gz"))).toString()).toBe(`${packed[1]}\n`);
    expect(await readdir(join(landing, "hub"))).toEqual(["days.csv", "packed.jsonl.gz", "third.parquet"]);
    expect(await readdir(join(landing, "homes/acme"))).toEqual(["all.json"]);
  });

  it("leaves a tombstone of each content that doesn't say whose it was, and each arrival its number", async () => {
    const tombstones = await readTombstones(landing);
    expect(tombstones).toHaveLength(7);
    for (const tombstone of tombstones)
      expect(tombstone).toMatchObject({by: "anna", client: "acme", erased_at: erased.erased_at});
    expect(
      tombstones.filter(({new_sha256}) => new_sha256 === null).map(({path}) => path.replace(/[0-9a-f]{12}/, "…"))
    ).toEqual(["homes/acme/erased-….json", "hub/erased-….csv"].sort());
    const arrivals = await readArrivals(landing);
    expect(arrivals.map(({arrival, arrived_at}) => [arrival, arrived_at])).toEqual(
      before.arrivals.map(({arrival, arrived_at}) => [arrival, arrived_at])
    );
  });

  it("needs no further run", async () => {
    const next = await lake.run({sources});
    expect(next.landing.fresh).toEqual([]);
    expect(next.tables.filter(({outcome}) => outcome !== "unchanged")).toEqual([]);
  });

  it("can't be found in a run from before, which is said by name", async () => {
    const date = erased.erased_at.slice(0, 10);
    await expect(lake.query("SELECT 1", 1)).rejects.toThrow(
      `run can't be read any more: 1; a customer was erased on ${date}, and what runs had left before with them: the first that can be read is 3, the last is 4`
    );
    expect(
      await lake.query("SELECT run, erased_by, client_id, files_rewritten, files_removed FROM ops.erasure")
    ).toEqual([["3", "anna", "acme", "5", "2"]]);
    expect(await lake.query("SELECT count(*) FROM silver.reading", 3)).toEqual(
      await lake.query("SELECT count(*) FROM silver.reading")
    );
  });

  it("is refused when the old file comes again, by a run and by land, which keeps nothing of it", async () => {
    const copy = await lake.copy();
    const folder = join(copy.folder, "landing");
    const old = join(copy.folder, "old.csv");
    await writeFile(old, texts["hub/days.csv"]!);
    await cp(old, join(folder, "hub", "sent-again.csv"));
    const reason = `it holds a customer who was erased on ${erased.erased_at.slice(0, 10)}; remove it, and ask its sender for one without`;
    const run = await copy.run({sources});
    expect(run.intake.rejected.map((reject) => [reject.arrival.path, reject.reason])).toEqual([
      ["hub/sent-again.csv", reason]
    ]);
    expect((await copy.run({sources})).intake.rejected).toEqual([]);
    expect(await copy.query("SELECT file, reason FROM bronze.file_reject")).toContainEqual([
      "hub/sent-again.csv",
      reason
    ]);
    const database = await openDuckDB();
    const {models} = await openProject(database, {sql: sql()});
    const dock = {landing: folder, database, models: new Map(models.map((model) => [model.name, model]))};
    const hub = sources.find(({name}) => name === "hub")!;
    expect(await deliver(dock, hub, {file: old}, "acme")).toMatchObject({outcome: "rejected", reason});
    database.close();
    expect(await readRefused(folder)).toMatchObject([{name: "old.csv", path: null, reason}]);
    expect(await readdir(folder)).not.toContain("_rejected");
    // Asked again, the erasure finds the file that was put there by hand.
    await expect(eraseCustomer({...options(), lake: copy.folder}, order)).rejects.toThrow(
      `but files in ${folder} do: hub/sent-again.csv; look into them, and remove them`
    );
    await copy.remove();
  });

  it("is told in a report, and not found a second time", async () => {
    expect(erasureText(erased).split("\n").slice(0, 2)).toEqual([
      `erased: location home-7 of client acme, by anna, begun ${erased.erased_at}`,
      "7 contents of the landing folder held them"
    ]);
    await expect(eraseCustomer(options(), order)).rejects.toMatchObject({
      message: expect.stringContaining("customer not found: no row of client acme has location home-7"),
      cause: "usage"
    });
  });
});
