import {readdir, readFile, rename, rm, stat, truncate, utimes, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from "vitest";
import {vacuumLake} from "../../pipelines/care.js";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {TableDigest} from "../../pipelines/models/lake_digest.js";
import {warningsOf} from "../../pipelines/observe/run_report.js";
import {type TestLake, testLake} from "../support/lake.js";
import {childRun} from "./verbs.js";

const total = "SELECT CAST(sum(energy_kwh) AS VARCHAR) FROM gold.energy_day";

/** A lake of one run, in which a second file has landed. */
let template: TestLake;
let lake: TestLake;
/** What the second file makes of the lake when nothing is amiss. */
let whole: TableDigest[];
beforeAll(async () => {
  template = await testLake();
  await template.land("eliq/1.parquet", [
    ["2022-05-01", 1],
    ["2022-05-03", 1]
  ]);
  await template.run();
  await template.land("eliq/2.parquet", [["2022-05-01", 2]]);
  const alone = await template.copy();
  await alone.run();
  whole = await alone.digest();
  await alone.remove();
});
afterAll(() => template.remove());
beforeEach(async () => {
  lake = await template.copy();
});
afterEach(() => lake.remove());

/** The newest file of a table whose name ends so. */
async function newest(table: string, ending: string): Promise<string> {
  const folder = join(lake.folder, ...table.split("."));
  const names = (await readdir(folder, {recursive: true})).filter((name) => name.endsWith(ending)).sort();
  const times = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs));
  return join(folder, names[times.indexOf(Math.max(...times))]!);
}

/** Where a second log entry of a table would be. */
const entryAfter = async (table: string) =>
  join(lake.folder, ...table.split("."), "_delta_log", `${"1".padStart(20, "0")}.json`);

const sentences = ({tables}: Awaited<ReturnType<TestLake["run"]>>) =>
  tables.flatMap(({table, error}) => (error === undefined ? [] : [[table, error]]));

describe("an unreadable log entry", () => {
  it.each([
    ["empty", ""],
    ["torn", '{"commitInfo":{"timest']
  ])("fails the table by the file's name, %s, and holds up what depends on it", async (_, text) => {
    const entry = await newest("silver.reading", ".json");
    const good = await readFile(entry);
    await writeFile(entry, text);
    const run = await lake.run();
    expect(run.complete).toBe(false);
    expect(sentences(run)).toEqual([
      [
        "silver.reading",
        expect.stringMatching(
          /^log entry not readable: .*00000000000000000000\.json.*restore it from a copy, or build the table again with npm run pipeline -- --full-refresh$/
        )
      ]
    ]);
    expect(run.tables.find(({table}) => table === "gold.energy_day")).toMatchObject({
      outcome: "blocked",
      reason: "waits for silver.reading"
    });
    expect(await lake.query(total), "the rest stays readable").toEqual([["0.048000"]]);
    await expect(lake.query("SELECT 1 FROM silver.reading")).rejects.toThrow(/^log entry not readable: /);
    await writeFile(entry, good);
    expect((await lake.run()).complete).toBe(true);
    expect(await lake.digest()).toEqual(whole);
  });
});

/** The entries of a table's log, oldest first. */
async function logEntries(table: string): Promise<string[]> {
  const folder = join(lake.folder, ...table.split("."), "_delta_log");
  return (await readdir(folder))
    .filter((name) => /^\d{20}\.json$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

describe("a log that has lost its newest entry", () => {
  const builtAgain = (table: string, version: number) =>
    `log damaged: the log of ${table} has lost version ${version} and ends at ${version - 1}; what was lost is built again`;

  it.each(["bronze.eliq_daily", "silver.reading", "silver.meter_day", "gold.energy_day"])(
    "of %s is noticed, and what it lost is built again, though the version's number comes again",
    async (table) => {
      await lake.run();
      const newest = (await logEntries(table)).at(-1)!;
      const {txnId} = JSON.parse((await readFile(newest, "utf8")).split("\n")[0]!).commitInfo;
      await rm(newest);
      if (table === "silver.reading")
        await expect(lake.query("SELECT 1 FROM silver.reading")).rejects.toThrow(
          /^version 1 of silver.reading is no longer in its log, which has lost entries; npm run pipeline builds/
        );
      // A file that came in meanwhile takes the lost version's number in the log of Bronze.
      await lake.land("eliq/3.parquet", [["2022-05-02", 3]]);
      const run = await lake.run();
      expect(run.complete).toBe(true);
      expect(warningsOf(run)).toEqual([builtAgain(table, 1)]);
      const again = JSON.parse((await readFile(newest, "utf8")).split("\n")[0]!).commitInfo;
      expect(again.txnId).not.toBe(txnId);
      expect(await lake.query(total)).toEqual([["0.144000"]]);
      expect(warningsOf(await lake.run())).toEqual([]);
    }
  );
});

describe("a log that has lost all of its entries", () => {
  it.each(["bronze.eliq_daily", "silver.reading", "bronze.source"])(
    "of %s is not taken for a missing table, and is made up for",
    async (table) => {
      await lake.run();
      for (const entry of await logEntries(table)) await rm(entry);
      await expect(lake.query(`SELECT 1 FROM ${table}`)).rejects.toThrow(
        new RegExp(`^version \\d of ${table} is no longer in its log`)
      );
      const run = await lake.run();
      expect(run.complete).toBe(true);
      expect(warningsOf(run)).toEqual([
        expect.stringMatching(`^log damaged: the log of ${table} is gone, which had versions`)
      ]);
      expect(await lake.digest()).toEqual(whole);
    }
  );
});

describe("a log with a gap", () => {
  it.each(["bronze.eliq_daily", "silver.reading", "bronze.file_reject", "ops.run"])(
    "of %s fails by the entry's name, and a full refresh builds the table again",
    async (table) => {
      await writeFile(join(lake.folder, "landing", "eliq", "torn.parquet"), "PAR1");
      await lake.run();
      await rm((await logEntries(table))[0]!);
      if ((await logEntries(table)).length === 0) await writeFile(await entryAfter(table), "");
      const failed = await lake.run().then(
        (run) => sentences(run).map(([, error]) => error),
        (error) => [error.message]
      );
      expect(failed[0]).toMatch(
        /^log entry not (found|readable): .*_delta_log.*build the table again with npm run pipeline -- --full-refresh$/
      );
      const run = await lake.run({fullRefresh: true});
      expect(run.complete).toBe(true);
      expect(run.lost.map((lost) => lost.table)).toContain(table);
      const others = (digests: TableDigest[]) => digests.filter((each) => each.table !== "bronze.file_reject");
      expect(others(await lake.digest())).toEqual(others(whole));
      expect(await lake.query("SELECT file FROM bronze.file_reject")).toEqual([["eliq/torn.parquet"]]);
      const next = await lake.run();
      expect([next.complete, next.lost]).toEqual([true, []]);
    }
  );
});

describe("a checkpoint that can't be read", () => {
  it("is noticed, and written again for other readers", async () => {
    const checkpoint = (await logEntries("silver.reading"))[0]!.replace(/json$/, "checkpoint.parquet");
    await writeFile(checkpoint, "PAR1 torn");
    const mended = "log damaged: the checkpoint of version 0 of silver.reading was not readable; it is written again";
    expect(warningsOf(await lake.run())).toEqual([mended]);
    const duckdb = await openDuckDB();
    const [row] = await duckdb.rows(`SELECT count("add") > 0 AS has_files FROM read_parquet(${literal(checkpoint)})`);
    expect(row).toEqual({has_files: true});
    duckdb.close();
    expect(warningsOf(await lake.run())).toEqual([]);
  });
});

describe.each([
  ["missing", (file: string) => rm(file), /^data file not found: \S+\.parquet; restore it from a copy/],
  [
    "truncated",
    (file: string) => truncate(file, 100),
    /^data file not whole: \S+\.parquet has 100 bytes of \d+; restore/
  ]
] as const)("a data file that is %s", (_, damage, sentence) => {
  it("fails what has to read it by the file's name; put back, the next run is right", async () => {
    const file = await newest("silver.reading", ".parquet");
    const copy = await readFile(file);
    await damage(file);
    const run = await lake.run();
    expect(run.complete).toBe(false);
    expect(sentences(run)).toEqual([["silver.reading", expect.stringMatching(sentence)]]);
    expect(await lake.query(total), "what doesn't need it is as it was").toEqual([["0.048000"]]);
    await writeFile(file, copy);
    expect((await lake.run()).complete).toBe(true);
    expect(await lake.digest()).toEqual(whole);
  });

  it("is made up for by building the tables anew", async () => {
    for (const table of ["silver.reading", "gold.energy_month"]) await damage(await newest(table, ".parquet"));
    expect((await lake.run({fullRefresh: true})).complete).toBe(true);
    expect(await lake.digest()).toEqual(whole);
    expect((await lake.run()).tables.every(({outcome}) => outcome === "unchanged")).toBe(true);
  });

  it("is taken in once it has landed whole", async () => {
    const landed = join(lake.folder, "landing", "eliq", "2.parquet");
    const copy = await readFile(landed);
    await truncate(landed, 100);
    const run = await lake.run();
    expect(run.intake.rejected.map(({arrival}) => arrival.path)).toEqual(["eliq/2.parquet"]);
    expect(await lake.query(total), "the other files came in").toEqual([["0.048000"]]);
    await writeFile(landed, copy);
    await lake.run();
    expect(await lake.query(total)).toEqual([["0.072000"]]);
  });
});

describe("files that a vacuum has removed", () => {
  it("don't keep a table from being built that hasn't been for long", async () => {
    await lake.run({select: ["silver.reading"]});
    await lake.land("eliq/3.parquet", [["2022-05-01", 3]]);
    await lake.run({select: ["silver.reading"]});
    await vacuumLake(lake.folder, {retainMilliseconds: 0, dryRun: false});
    expect((await lake.run()).complete).toBe(true);
    expect(await lake.query(total)).toEqual([["0.096000"]]);
  });
});

describe("a clock that is set back", () => {
  it("changes nothing: order is by version and arrival, never by time", async () => {
    const now = Date.now();
    vi.useFakeTimers({toFake: ["Date"], now: now + 400 * 24 * 60 * 60 * 1000});
    try {
      await lake.run();
    } finally {
      vi.useRealTimers();
    }
    expect(await lake.digest()).toEqual(whole);
    await lake.land("eliq/3.parquet", [["2022-05-01", 3]]);
    expect((await lake.run()).complete).toBe(true);
    expect(await lake.query(total)).toEqual([["0.096000"]]);
    const [[run]] = (await lake.query("SELECT max(run) FROM ops.run")) as [[string]];
    expect(run).toBe("3");
    const removed = await vacuumLake(lake.folder, {retainMilliseconds: 24 * 60 * 60 * 1000, dryRun: true});
    expect(removed.flatMap(({files}) => files)).toEqual([]);
  });

  it("doesn't keep the lease of a dead process alive", async () => {
    await childRun({lake: lake.folder}, {stopAt: "after arrivals:1"});
    const future = new Date(Date.now() + 400 * 24 * 60 * 60 * 1000);
    await utimes(join(lake.folder, ".lease"), future, future);
    expect((await lake.run()).complete).toBe(true);
    expect(await lake.digest()).toEqual(whole);
  });
});

describe("a torn line of arrivals", () => {
  it("is struck out, and its file comes in with the next run", async () => {
    const arrivals = join(lake.folder, "landing", "_arrivals.jsonl");
    await writeFile(arrivals, `${await readFile(arrivals, "utf8")}{"arrival":2,"source":"el`);
    expect((await lake.run()).landing.fresh.map(({arrival}) => arrival)).toEqual([2]);
    expect(await lake.digest()).toEqual(whole);
    expect((await lake.run()).landing.fresh).toEqual([]);
  });

  it("stops the run by its place where it is in the middle: it decides which data is newer", async () => {
    const arrivals = join(lake.folder, "landing", "_arrivals.jsonl");
    const good = await readFile(arrivals, "utf8");
    await writeFile(arrivals, `{"arrival\n${good}`);
    await expect(lake.run()).rejects.toThrow(/^arrival not readable: .*_arrivals\.jsonl:1; mend the line from a copy/);
    await writeFile(`${arrivals}.mended`, good);
    await rename(`${arrivals}.mended`, arrivals);
    await lake.run();
    expect(await lake.digest()).toEqual(whole);
  });
});
