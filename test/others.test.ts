import {rm} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import type {TableDigest} from "../pipelines/models/lake_digest.js";
import {warningsOf} from "../pipelines/observe/run_report.js";
import type {RunResult} from "../pipelines/pipeline.js";
import {foreignWrite} from "./support/foreign.js";
import {type TestLake, testLake} from "./support/lake.js";
import {modelsBehind, modelsOf} from "./support/models_of.js";

let built: TestLake;
let digest: TableDigest[];
let lake: TestLake;
beforeAll(async () => {
  built = await testLake(await modelsBehind(["gold.energy_day", "quality.reconciliation"], modelsOf()));
  await built.land("eliq/1.parquet", [
    ["2022-05-01", 100],
    ["2022-05-02", 200],
    ["2022-06-03", 300]
  ]);
  await built.run();
  digest = await built.digest();
});
afterAll(() => built.remove());
beforeEach(async () => {
  lake = await built.copy();
});
afterEach(() => lake.remove());

const foreign = async (table: string, work: Parameters<typeof foreignWrite>[1]) =>
  foreignWrite(join(lake.folder, ...table.split(".")), work);
const scopes = ({tables}: RunResult) =>
  Object.fromEntries(tables.filter(({scope}) => scope !== "nothing").map(({table, scope}) => [table, scope]));
const writer = "changed by Apache-Spark/4.2.1 Delta-Lake/4.4.0";

describe("another program's work on a table that a model makes", () => {
  it("is told, and undone in just the values that it touched", async () => {
    (
      await foreign("silver.reading", {operation: "DELETE", keep: "local_date <> DATE '2022-05-02' OR local_hour > 3"})
    )();
    const result = await lake.run();
    expect(result.complete).toBe(true);
    expect(scopes(result)["silver.reading"]).toEqual(["2022-05-02"]);
    expect(warningsOf(result)).toEqual([
      `table ${writer} (DELETE): silver.reading; its model makes it, so those rows are built anew`
    ]);
    expect(await lake.digest()).toEqual(digest);
    expect(scopes(await lake.run())).toEqual({});
  });

  it("is undone where it left values that no input has, and none at all", async () => {
    for (const date of ["DATE '1999-01-01'", "CAST(NULL AS DATE)"]) {
      const add = `SELECT * REPLACE (${date} AS local_date) FROM standing LIMIT 1`;
      (await foreign("gold.energy_day", {operation: "WRITE", add}))();
    }
    const result = await lake.run();
    expect(scopes(result)["gold.energy_day"]).toBe("all");
    expect(await lake.digest()).toEqual(digest);
  });

  it("is left alone where no row is another: files laid out anew, a property set", async () => {
    (await foreign("silver.reading", {operation: "OPTIMIZE", keep: "true", dataChange: false}))();
    (
      await foreign("bronze.eliq_daily", {
        operation: "SET TBLPROPERTIES",
        configuration: {"delta.logRetentionDuration": "interval 90 days"}
      })
    )();
    (await foreign("gold.energy_day", {operation: "WRITE", keep: "true"}))();
    const result = await lake.run();
    expect(scopes(result)).toEqual({});
    expect(warningsOf(result)).toEqual([]);
    expect(result.complete).toBe(true);
    expect(await lake.digest()).toEqual(digest);
  });
});

describe("a model's table that another program has given a feature", () => {
  it("stays as it is, the run says which, and is made anew once its folder is gone", async () => {
    (await foreign("silver.reading", {operation: "SET TBLPROPERTIES", writerFeatures: ["rowTracking"]}))();
    expect(scopes(await lake.run())).toEqual({});
    await lake.land("eliq/2.parquet", [["2022-06-03", 1]]);
    const failed = await lake.run();
    expect(failed.complete).toBe(false);
    expect(warningsOf(failed)[0]).toMatch(
      /^table failed: silver\.reading: table not writable: .* uses rowTracking; turn it off there, or write/
    );
    expect(await lake.digest(), "readers stay on the last complete run").toEqual(digest);

    await rm(join(lake.folder, "silver", "reading"), {recursive: true});
    expect((await lake.run()).complete).toBe(true);
    expect(await lake.query("SELECT energy_kwh::DOUBLE FROM gold.energy_day WHERE month = '2022-06'")).toEqual([
      [0.024]
    ]);
  });
});

describe("another program's rows in a table that is taken in", () => {
  const otherMeter =
    "SELECT * REPLACE ('m9' AS ext_dev_ref, 'of Spark' AS sha256, 0::BIGINT AS arrival) FROM standing WHERE date = '2022-05-02'";

  it("are kept, and built into the tables that are made from it", async () => {
    (await foreign("bronze.eliq_daily", {operation: "WRITE", add: otherMeter}))();
    const result = await lake.run();
    expect(scopes(result)["gold.energy_day"]).toEqual(["2022-05-02"]);
    expect(await lake.query("SELECT energy_kwh::DOUBLE FROM gold.energy_day WHERE meter_id = 'm9'")).toEqual([[4.8]]);
    await lake.land("eliq/2.parquet", [["2022-06-04", 1]]);
    await lake.run();
    expect(await lake.query("SELECT count(*)::INTEGER FROM bronze.eliq_daily")).toEqual([[5]]);
  });

  it("are in the run that they come in the midst of, and those in a model's table are not", async () => {
    const commits = [
      await foreign("bronze.eliq_daily", {operation: "WRITE", add: otherMeter}),
      await foreign("silver.reading", {operation: "DELETE", keep: "month <> '2022-05'"})
    ];
    await lake.land("eliq/2.parquet", [["2022-06-04", 1]]);
    const result = await lake.run({
      listener(event) {
        // Its rows are not committed yet.
        if (event.kind === "table staged" && event.table === "silver.reading")
          for (const commit of commits.splice(0)) commit();
      }
    });
    expect(result.complete).toBe(true);
    expect(commits).toEqual([]);
    const energy = "SELECT local_date::VARCHAR, sum(energy_kwh)::DOUBLE FROM gold.energy_day GROUP BY ALL ORDER BY ALL";
    expect(await lake.query(energy)).toEqual([
      ["2022-05-01", 2.4],
      ["2022-05-02", 9.6],
      ["2022-06-03", 7.2],
      ["2022-06-04", 0.024]
    ]);
    expect(await lake.query("SELECT count(*)::INTEGER FROM silver.reading")).toEqual([[120]]);
    expect(scopes(await lake.run())).toEqual({});
  });
});
