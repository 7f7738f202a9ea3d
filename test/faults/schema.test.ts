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

const readings =
  "SELECT CAST(local_date AS VARCHAR), CAST(sum(energy_kwh) AS VARCHAR) FROM silver.reading GROUP BY 1 ORDER BY 1";
const rejects = "SELECT file, reason FROM bronze.file_reject ORDER BY file";

describe("a source's files that change their columns from one run to the next", () => {
  beforeEach(async () => {
    await landDay("1.parquet", asked("2022-06-01"));
    await run();
  });

  it.each([
    ["gain one that nobody asked for", {note: "'more'"}],
    ["put them in another order", {client_id: undefined, resolution: "'60min'", z: "1"}],
    ["narrow a type", {energy_consumption: "list_transform(range(24), lambda hour: CAST(100 AS SMALLINT))"}],
    [
      "have another small enough type",
      {energy_consumption: "list_transform(range(24), lambda hour: CAST(100 AS UINTEGER))"}
    ]
  ])("come in beside the old ones when they %s", async (_, changes) => {
    const {client_id, ...others} = asked("2022-06-02");
    // Named last here, it is the last in the file.
    await landDay("2.parquet", {
      ...others,
      ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value)),
      client_id
    });
    const {complete, intake} = await run();
    expect([complete, intake.rejected]).toEqual([true, []]);
    expect(await lake.query(readings)).toEqual([
      ["2022-06-01", "2.400000"],
      ["2022-06-02", "2.400000"]
    ]);
    await lake.land("days/3.parquet", [["2022-06-03", 100]]);
    await run();
    expect(await lake.query("SELECT count(*) FROM silver.reading")).toEqual([["72"]]);
  });

  it.each([
    ["lose one", {energy_consumption: undefined}, "column energy_consumption is missing"],
    [
      "change a type to one that loses digits",
      {energy_consumption: "[1.5::DOUBLE]"},
      "column energy_consumption is DOUBLE[], not BIGINT[]"
    ],
    ["change a date to a text", {date: "'2022-06-02'"}, "column date is VARCHAR, not DATE"],
    [
      "have a wider type than fits",
      {energy_consumption: "[1::DECIMAL(38,0)]"},
      "column energy_consumption is DECIMAL(38,0)[], not BIGINT[]"
    ]
  ])("are refused by the column's name when they %s, and come in once mended", async (_, changes, reason) => {
    const columns = Object.entries({...asked("2022-06-02"), ...changes}).filter(([, value]) => value !== undefined);
    await landDay("2.parquet", Object.fromEntries(columns) as Record<string, string>);
    await landDay("3.parquet", asked("2022-06-03"));
    await run();
    expect(await lake.query(rejects)).toEqual([["days/2.parquet", reason]]);
    expect(
      (await lake.query(readings)).map(([date]) => date),
      "those beside it come in"
    ).toEqual(["2022-06-01", "2022-06-03"]);
    await landDay("2.parquet", asked("2022-06-02"));
    await run();
    expect((await lake.query(readings)).map(([date]) => date)).toEqual(["2022-06-01", "2022-06-02", "2022-06-03"]);
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
