import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {Source} from "../../pipelines/sources/source.js";
import {type TestLake, testLake} from "../support/lake.js";

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake();
});
afterEach(() => lake.remove());

const days: Source = {
  name: "days",
  folder: "days",
  format: "eliq_daily",
  timeZone: "Europe/Vilnius",
  policy: "fixed_slots_sum_double",
  unit: "Wh",
  fuel: "electricity",
  channel: "consumption"
};
const labels: Source = {
  ...days,
  name: "labels",
  folder: "labels",
  format: "interval_row",
  policy: "label_offset",
  clientId: "c1"
};
const run = () => lake.run({sources: [days, labels]});

/** The columns of a daily file of one row, as SQL. */
const asked = (date: string) => ({
  client_id: "'c1'",
  date: `DATE '${date}'`,
  ext_dev_ref: "'m1'",
  energy_consumption: "list_transform(range(24), lambda hour: CAST(100 AS BIGINT))",
  resolution: "'60min'"
});

async function landDay(path: string, columns: Readonly<Record<string, string>>): Promise<void> {
  const file = join(lake.folder, "landing", "days", path);
  await mkdir(dirname(file), {recursive: true});
  const duckdb = await openDuckDB();
  const select = Object.entries(columns).map(([name, value]) => `${value} AS ${name}`);
  await duckdb.run(`COPY (SELECT ${select.join(", ")}) TO ${literal(file)} (FORMAT parquet)`);
  duckdb.close();
}

async function landText(path: string, lines: readonly string[]): Promise<void> {
  const file = join(lake.folder, "landing", "labels", path);
  await mkdir(dirname(file), {recursive: true});
  await writeFile(file, `${lines.join("\n")}\n`);
}

const dates =
  "SELECT CAST(local_date AS VARCHAR) FROM silver.reading GROUP BY 1 HAVING sum(energy_kwh) = 2.4 ORDER BY 1";
const rejects = "SELECT file, reason FROM bronze.file_reject ORDER BY file";
const array = (type: string) => `list_transform(range(24), lambda hour: CAST(100 AS ${type}))`;

describe("a source's files that change their columns from one run to the next", () => {
  beforeEach(async () => {
    await landDay("1.parquet", asked("2022-06-01"));
    await run();
  });

  it("come in beside the old ones: with another column, in another order, of narrower types", async () => {
    await landDay("2.parquet", {...asked("2022-06-02"), note: "'more'"});
    const {client_id, ...others} = asked("2022-06-03");
    await landDay("3.parquet", {...others, client_id});
    await landDay("4.parquet", {...asked("2022-06-04"), energy_consumption: array("SMALLINT")});
    await landDay("5.parquet", {...asked("2022-06-05"), energy_consumption: array("UINTEGER")});
    const {complete, intake} = await run();
    expect([complete, intake.rejected]).toEqual([true, []]);
    expect((await lake.query(dates)).flat()).toEqual([1, 2, 3, 4, 5].map((day) => `2022-06-0${day}`));
  });

  it("are refused by the column's name where one is lost or has a type that doesn't fit, and come in once mended", async () => {
    const {energy_consumption, ...without} = asked("2022-06-02");
    await landDay("2.parquet", without);
    await landDay("3.parquet", {...asked("2022-06-03"), energy_consumption: array("DOUBLE")});
    await landDay("4.parquet", {...asked("2022-06-04"), energy_consumption: array("DECIMAL(38,0)")});
    await landDay("5.parquet", {...asked("2022-06-05"), date: "'2022-06-05'"});
    await landDay("6.parquet", {...asked("2022-06-06"), energy_consumption});
    await run();
    expect(await lake.query(rejects)).toEqual([
      ["days/2.parquet", "column energy_consumption is missing"],
      ["days/3.parquet", "column energy_consumption is DOUBLE[], not BIGINT[]"],
      ["days/4.parquet", "column energy_consumption is DECIMAL(38,0)[], not BIGINT[]"],
      ["days/5.parquet", "column date is VARCHAR, not DATE"]
    ]);
    expect((await lake.query(dates)).flat(), "those beside them come in").toEqual(["2022-06-01", "2022-06-06"]);
    for (const day of [2, 3, 4, 5]) await landDay(`${day}.parquet`, asked(`2022-06-0${day}`));
    await run();
    expect((await lake.query(dates)).flat()).toEqual([1, 2, 3, 4, 5, 6].map((day) => `2022-06-0${day}`));
  });
});

describe("a source's text files that change their columns", () => {
  const half = ["2022-06-01T00:00:00+03:00,0.5", "2022-06-01T00:30:00+03:00,0.5"];

  it("have NULLs where an optional one is lost, and its values where it is gained", async () => {
    await landText("1.csv", ["meter_id,label,value,resolution,remark", ...half.map((line) => `m1,${line},30min,x`)]);
    await run();
    await landText("2.csv", ["value,label,meter_id", "1,2022-06-02T00:00:00+03:00,m1"]);
    const {intake} = await run();
    expect(intake.rejected).toEqual([]);
    expect(
      await lake.query("SELECT file, resolution, value FROM bronze.interval_row ORDER BY arrival, row_number")
    ).toEqual([
      ["labels/1.csv", "30min", "0.5"],
      ["labels/1.csv", "30min", "0.5"],
      ["labels/2.csv", null, "1"]
    ]);
  });

  it("are refused by the column's name when a required one is lost", async () => {
    await landText("1.csv", ["meter_id,label", "m1,2022-06-01T00:00:00+03:00"]);
    await run();
    expect(await lake.query(rejects)).toEqual([["labels/1.csv", "column value is missing"]]);
  });
});
