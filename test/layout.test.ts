import {cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {optimizeLake} from "../pipelines/care.js";
import {readCommits} from "../pipelines/delta/log.js";
import {type Bounds, bounds} from "../pipelines/delta/scan.js";
import type {DataFile} from "../pipelines/delta/snapshot.js";
import {openDuckDB} from "../pipelines/engines/duckdb.js";
import {openLakehouse} from "../pipelines/lakehouse.js";
import {slicedRows} from "../pipelines/models/relations.js";
import {writeEliqDays} from "../scripts/generate/eliq.js";
import {type TestLake, testLake} from "./support/lake.js";
import {modelsBehind, modelsOf} from "./support/models_of.js";

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake(await modelsBehind(built, modelsOf()));
});
afterEach(() => lake.remove());

/** The files of a table that a run left last, and the first and the last date in each, oldest first. */
async function filesOf(table: string): Promise<{file: DataFile; dates: Bounds}[]> {
  const lakehouse = await openLakehouse(lake.folder, "latest");
  try {
    const snapshot = (await lakehouse.catalog.snapshot(table))!;
    return snapshot.files
      .map((file) => ({file, dates: bounds(snapshot, file, "local_date")!}))
      .sort((a, b) => (a.dates.min < b.dates.min ? -1 : 1));
  } finally {
    await lakehouse.close();
  }
}

const datesOf = async (table: string) => (await filesOf(table)).map(({dates}) => [dates.min, dates.max]);

/** Lands so many days of ten meters: 240 readings a day, 7,440 a long month. */
async function land(days: number): Promise<void> {
  const duckdb = await openDuckDB();
  await writeEliqDays(duckdb, {meters: 10, days, start: "2022-01-01", seed: 1, to: join(lake.folder, "landing/eliq")});
  duckdb.close();
}

/** The table that holds each day's array, and those made from it. */
const byDate = ["silver.meter_day", "silver.reading", "gold.energy_day"];

/** What is built: these, and the account of them. */
const built = [...byDate, "quality.reconciliation"];
const run = (fileRows?: number) => lake.run({fileRows});

describe("a file", () => {
  it("holds all there is, where that is little", async () => {
    await land(181);
    await run();
    for (const table of byDate) expect([table, await datesOf(table)]).toEqual([table, [["2022-01-01", "2022-06-30"]]]);
  });

  it("holds as many whole months as have about the rows asked for, estimated by the values of their arrays", async () => {
    await land(181);
    await run(16_000);
    const pairs = [
      ["2022-01-01", "2022-02-28"],
      ["2022-03-01", "2022-04-30"],
      ["2022-05-01", "2022-06-30"]
    ];
    for (const table of byDate) expect([table, await datesOf(table)]).toEqual([table, pairs]);
    expect(await balance()).toEqual({accounted: true, complete: true});
  });

  it("is one of several of its month, where that is more than twice as large", async () => {
    await land(59);
    await run(2_500);
    const parts = await filesOf("silver.reading");
    expect(parts.map(({dates}) => [dates.min.slice(0, 7), dates.max.slice(0, 7)])).toEqual([
      ...Array.from({length: 3}, () => ["2022-01", "2022-01"]),
      ...Array.from({length: 3}, () => ["2022-02", "2022-02"])
    ]);
    for (const [index, {dates, file}] of parts.entries()) {
      expect(file.numRecords).toBeGreaterThan(1_800);
      expect(file.numRecords).toBeLessThan(3_200);
      if (index > 0) expect(parts[index - 1]!.dates.max < dates.min).toBe(true);
    }
    expect(await balance()).toEqual({accounted: true, complete: true});
  });

  it("has the same rows whatever size files are", async () => {
    await land(90);
    await run();
    const other = await lake.copy();
    try {
      await other.empty();
      await other.run({fileRows: 3_000});
      expect(await other.digest()).toEqual(await lake.digest());
    } finally {
      await other.remove();
    }
  });

  /** Whether what arrived is what the account has, and each reading of it is there. */
  async function balance(): Promise<Record<string, unknown>> {
    const [row] = await lake.query(
      `SELECT (SELECT sum(list_sum(energy_consumption)) FROM bronze.eliq_daily)
                = sum(1000 * (energy_placed_kwh + energy_rejected_kwh))::BIGINT,
              (SELECT count(*) FROM silver.reading) = sum(readings)
       FROM quality.reconciliation`,
      "latest"
    );
    return {accounted: row![0], complete: row![1]};
  }
});

describe("a corrected day", () => {
  it("rewrites the file that holds its date, and no other", async () => {
    await land(181);
    await run(16_000);
    const before = await filesOf("silver.reading");
    await lake.land("eliq/corrected.parquet", [["2022-03-15", 500, "m1"]]);
    await run(16_000);
    const after = await filesOf("silver.reading");
    const paths = (files: typeof before) => files.map(({file}) => file.path);
    expect(before.filter(({file}) => !paths(after).includes(file.path)).map(({dates}) => dates)).toEqual([
      {min: "2022-03-01", max: "2022-04-30"}
    ]);
    const [kept, day] = after
      .filter(({file}) => !paths(before).includes(file.path))
      .sort((a, b) => b.file.numRecords! - a.file.numRecords!);
    expect(day!.dates).toEqual({min: "2022-03-15", max: "2022-03-15"});
    expect(kept!.file.numRecords).toBe(before[1]!.file.numRecords! - 240);
    // Sent again with another value: the day has a file of its own by now, and the month's isn't written anew.
    await lake.land("eliq/again.parquet", [["2022-03-15", 700, "m1"]]);
    await run(16_000);
    const again = paths(await filesOf("silver.reading"));
    expect(again).toContain(kept!.file.path);
    expect(again).not.toContain(day!.file.path);
  });

  it("of no file's dates comes beside the files, which stay", async () => {
    await land(59);
    await run(16_000);
    const [only] = await filesOf("silver.reading");
    await lake.land("eliq/next.parquet", [["2022-03-01", 500, "m1"]]);
    await run(16_000);
    expect(await datesOf("silver.reading")).toEqual([
      ["2022-01-01", "2022-02-28"],
      ["2022-03-01", "2022-03-01"]
    ]);
    expect((await filesOf("silver.reading"))[0]!.file.path).toBe(only!.file.path);
  });
});

describe("the statistics of the log", () => {
  it("leave a reader of some dates only the files that can hold them", async () => {
    await land(181);
    await run(16_000);
    const [first, , last] = await filesOf("silver.reading");
    const lakehouse = await openLakehouse(lake.folder);
    try {
      const {catalog} = lakehouse;
      const read = (column: string, ...values: string[]) => slicedRows(catalog, "silver.reading", [{column, values}]);
      const holds = (sql: string, {file}: {file: DataFile}) => sql.includes(file.path.split("/").at(-1)!);
      const day = await read("local_date", "2022-02-28");
      expect([holds(day, first!), holds(day, last!)]).toEqual([true, false]);
      const month = await read("month", "2022-06");
      expect([holds(month, first!), holds(month, last!)]).toEqual([false, true]);
      const none = await read("local_date", "2023-01-01");
      expect([holds(none, first!), holds(none, last!)]).toEqual([false, false]);
    } finally {
      await lakehouse.close();
    }
  });
});

describe("optimize", () => {
  it("folds what days left behind into files of whole months, and leaves full files alone", async () => {
    await land(120);
    await run(14_700);
    for (const day of ["2022-05-01", "2022-05-02", "2022-05-03"]) {
      await lake.land(`eliq/${day}.parquet`, [[day, 500, "m1"]]);
      await run(14_700);
    }
    const digest = await lake.digest();
    const full = (await filesOf("silver.reading")).slice(0, 2).map(({file}) => file.path);
    await optimizeLake(lake.folder, undefined, {fileRows: 14_700});
    expect(await datesOf("silver.reading")).toEqual([
      ["2022-01-01", "2022-02-28"],
      ["2022-03-01", "2022-04-30"],
      ["2022-05-01", "2022-05-03"]
    ]);
    expect((await filesOf("silver.reading")).slice(0, 2).map(({file}) => file.path)).toEqual(full);
    expect(await lake.digest()).toEqual(digest);
  });
});

describe("a table's layout", () => {
  let sql: string;
  beforeEach(async () => {
    sql = await mkdtemp(join(tmpdir(), "wattlake-sql-"));
    await cp(await modelsBehind(built, modelsOf()), sql, {recursive: true});
  });
  afterEach(() => rm(sql, {recursive: true, force: true}));

  const run = () => lake.run({sql});
  const edit = async (file: string, change: (text: string) => string) =>
    writeFile(join(sql, file), change(await readFile(join(sql, file), "utf8")));

  it("changes in one commit that rewrites it: from folders of months to none, and back", async () => {
    const byMonth = (text: string) => text.replace("-- increment:", "-- partition: month\n-- increment:");
    const tables = {"silver.reading": "silver/reading.sql", "gold.energy_day": "gold/energy_day.sql"};
    for (const file of Object.values(tables)) await edit(file, byMonth);
    await land(59);
    await run();
    const digest = await lake.digest();
    const folders = (await filesOf("silver.reading")).map(({file}) => file.partitionValues);
    expect(folders).toEqual([{month: "2022-01"}, {month: "2022-02"}]);

    for (const file of Object.values(tables)) await edit(file, (text) => text.replace("-- partition: month\n", ""));
    await run();
    for (const table of Object.keys(tables)) {
      const [first, second, ...others] = await readCommits(join(lake.folder, ...table.split(".")), -1, 1);
      expect(others).toEqual([]);
      expect(first!.metadata!.partitionColumns).toEqual(["month"]);
      expect(second!.metadata!.partitionColumns).toEqual([]);
      expect(second!.removes.map(({path}) => path).sort()).toEqual(first!.adds.map(({path}) => path).sort());
      expect(second!.adds.map(({partitionValues}) => partitionValues)).toEqual([{}]);
      // The months stay what they were: a column like others.
      expect(await lake.query(`SELECT DISTINCT month FROM ${table} ORDER BY 1`)).toEqual([["2022-01"], ["2022-02"]]);
      expect(await lake.query(`SELECT DISTINCT month FROM ${table} ORDER BY 1`, 1)).toEqual([["2022-01"], ["2022-02"]]);
    }
    expect(await lake.digest()).toEqual(digest);
    expect((await run()).tables.every(({outcome}) => outcome === "unchanged")).toBe(true);

    await edit("silver/reading.sql", byMonth);
    await run();
    expect((await filesOf("silver.reading")).map(({file}) => file.partitionValues)).toEqual(folders);
    expect(await lake.digest()).toEqual(digest);
  });
});
