import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {$} from "zx";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {answersOf} from "../../scripts/generate/smart_meter/answers.js";
import {makeSupply} from "../../scripts/generate/smart_meter/supply.js";
import {writeSupply} from "../../scripts/generate/smart_meter.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-bare-"));
});
afterAll(() => rm(folder, {recursive: true}));

it("the bare read_json that smart meters are measured against gives the right tables, where nothing is odd", async () => {
  const supply = makeSupply({meters: 30, days: 3, start: "2021-03-27", seed: 1, dst: false, plain: true});
  await writeSupply(supply, join(folder, "landing", "smart-meter"));
  await $({
    cwd: root,
    quiet: true
  })`${process.execPath} --import tsx scripts/bench/smart_meter_bare.ts --landing ${join(folder, "landing")} --to ${join(folder, "bare")}`;
  const database = await openDuckDB({threads: 1});
  const read = async (table: string, columns: string, order: string) => {
    const files = literal(join(folder, "bare", "gold", table, "*.parquet"));
    return (
      await database.native.runAndReadAll(`SELECT ${columns} FROM read_parquet(${files}) ORDER BY ${order}`)
    ).getRowsJson();
  };
  const answers = answersOf(supply);
  const texts = (rows: readonly object[]) =>
    rows.map((row) => Object.values(row).map((value) => (typeof value === "number" ? String(value) : value)));
  const instant = "strftime(interval_start, '%Y-%m-%dT%H:%M:%SZ')";
  expect(answers.active_agreements).toHaveLength(30);
  expect({
    active: await read("active_agreements", "*", "meterpoint_id"),
    total: await read("total_consumption_half_hour", `${instant}, total_kwh, meterpoint_count`, "1"),
    days: await read("consumption_per_product_per_day", "local_date, product, total_kwh, meterpoint_count", "1, 2"),
    mean: await read("avg_half_hour_by_product", `${instant}, product, avg_kwh, meterpoint_count`, "1, 2")
  }).toEqual({
    active: texts(answers.active_agreements),
    total: texts(answers.total_consumption_half_hour),
    days: texts(answers.consumption_per_product_per_day),
    mean: texts(answers.avg_half_hour_by_product)
  });
  database.close();
});
