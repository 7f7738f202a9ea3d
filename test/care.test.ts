import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, describe, expect, it} from "vitest";
import {optimizeLake, restoreTable, vacuumLake} from "../pipelines/care.js";
import {type TestLake, testLake} from "./support/lake.js";
import {modelsBehind, modelsOf} from "./support/models_of.js";

/** Lakes of a day that came in once, and that came in again, corrected. */
let once: TestLake;
let corrected: TestLake;
let sql: string;
beforeAll(async () => {
  sql = await modelsBehind(["gold.energy_month", "quality.reconciliation"], modelsOf());
  once = await testLake(sql);
  await once.land("eliq/1.parquet", [["2022-05-01", 1]]);
  await once.run();
  corrected = await once.copy();
  await corrected.land("eliq/2.parquet", [["2022-05-01", 2]]);
  await corrected.run();
});
afterAll(async () => {
  await once.remove();
  await corrected.remove();
});

let lake: TestLake;
afterEach(() => lake.remove());

const files = async (table: string) =>
  (await readdir(join(lake.folder, ...table.split(".")), {recursive: true})).filter(
    (name) => name.endsWith(".parquet") && !name.includes("_delta_log")
  );

describe("optimize", () => {
  it("folds the days of a month into one file, rows as they were, for readers and the next run", async () => {
    lake = await testLake(sql);
    await lake.land("eliq/1.parquet", [
      ["2022-05-01", 1, "m2"],
      ["2022-05-01", 1, "m1"]
    ]);
    await lake.run();
    await lake.land("eliq/2.parquet", [
      ["2022-05-02", 1, "m2"],
      ["2022-05-02", 1, "m1"]
    ]);
    await lake.run();
    const before = await lake.digest();
    const folded = await optimizeLake(lake.folder);
    expect(folded.find(({table}) => table === "silver.reading")).toMatchObject({filesBefore: 2, filesAfter: 1});
    expect(await lake.digest()).toEqual(before);
    const meters = await lake.query(
      "SELECT DISTINCT ON (meter_id) meter_id FROM (SELECT meter_id, row_number() OVER () AS n FROM silver.reading) ORDER BY meter_id, n"
    );
    expect(meters).toEqual([["m1"], ["m2"]]);
    const idle = await lake.run();
    expect(idle.tables.every(({outcome}) => outcome === "unchanged")).toBe(true);
    await lake.land("eliq/3.parquet", [["2022-05-02", 7, "m1"]]);
    const corrected = await lake.run();
    expect(corrected.tables.find(({table}) => table === "gold.energy_day")!.scope).toEqual(["2022-05-02"]);
    expect(await optimizeLake(lake.folder, ["silver.slot"])).toEqual([
      {table: "silver.slot", filesBefore: 1, filesAfter: 1, ordered: 0}
    ]);
  });
});

describe("vacuum", () => {
  it("removes what was replaced, and only past its retention", async () => {
    lake = await corrected.copy();
    const day = 24 * 60 * 60 * 1000;
    expect(
      (await vacuumLake(lake.folder, {retainMilliseconds: 7 * day, dryRun: false})).flatMap(({files}) => files)
    ).toEqual([]);
    expect(await lake.query("SELECT CAST(energy_kwh AS VARCHAR) FROM gold.energy_day", 1)).toEqual([["0.024000"]]);

    const wouldGo = await vacuumLake(lake.folder, {retainMilliseconds: 0, dryRun: true}, ["gold.energy_day"]);
    expect(wouldGo[0]!.files).toHaveLength(1);
    expect(await files("gold.energy_day")).toHaveLength(2);
    await vacuumLake(lake.folder, {retainMilliseconds: 0, dryRun: false}, ["gold.energy_day"]);
    expect(await files("gold.energy_day")).toHaveLength(1);
    expect(await lake.query("SELECT CAST(energy_kwh AS VARCHAR) FROM gold.energy_day")).toEqual([["0.048000"]]);
    await expect(restoreTable(lake.folder, "gold.energy_day", 0)).rejects.toThrow(/^version 0 of .* can't be restored/);
  });

  it("keeps what the last complete run needs, however old", async () => {
    lake = await once.copy();
    await lake.land("eliq/2.parquet", [["2022-05-01", 2]]);
    await lake.run({select: ["silver.reading"]});
    await vacuumLake(lake.folder, {retainMilliseconds: 0, dryRun: false});
    expect(await lake.query("SELECT CAST(sum(energy_kwh) AS VARCHAR) FROM silver.reading")).toEqual([["0.024000"]]);
  });
});

describe("restore", () => {
  it("makes a table what it was, and the next run brings it up to date", async () => {
    lake = await corrected.copy();
    const digest = await lake.digest();
    expect(await restoreTable(lake.folder, "gold.energy_day", 0)).toBe(2);
    const day = "SELECT CAST(energy_kwh AS VARCHAR) FROM gold.energy_day";
    expect(await lake.query(day, "latest")).toEqual([["0.024000"]]);
    expect(await lake.query(day), "the last complete run is as it was").toEqual([["0.048000"]]);
    const next = await lake.run();
    expect(next.tables.filter(({outcome}) => outcome === "built").map(({table}) => table)).toEqual(["gold.energy_day"]);
    expect(await lake.digest()).toEqual(digest);
    await expect(restoreTable(lake.folder, "gold.nothing", 0)).rejects.toThrow(
      /^table not found: gold.nothing; there are/
    );
    await expect(restoreTable(lake.folder, "gold.energy_day", 9)).rejects.toThrow(/^version not found: 9/);
  });
});
