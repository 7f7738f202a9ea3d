import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {openDuckDB} from "../pipelines/engines/duckdb.js";
import {openLakehouse} from "../pipelines/lakehouse.js";
import {writeEliqDays} from "../scripts/generate/eliq.js";
import {type TestLake, testLake} from "./support/lake.js";

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake();
});
afterEach(() => lake.remove());

/** How many files each partition of a table has. */
async function filesByPartition(table: string): Promise<Record<string, number>> {
  const lakehouse = await openLakehouse(lake.folder);
  try {
    const {files} = (await lakehouse.catalog.snapshot(table))!;
    const months = files.map(({partitionValues}) => partitionValues.month!);
    return Object.fromEntries(months.map((month) => [month, months.filter((other) => other === month).length]));
  } finally {
    await lakehouse.close();
  }
}

/** Lands so many meters' days of a year and takes them in. */
async function build(meters: number): Promise<void> {
  const duckdb = await openDuckDB();
  await writeEliqDays(duckdb, {meters, days: 365, start: "2022-01-01", seed: 1, to: join(lake.folder, "landing/eliq")});
  duckdb.close();
  await lake.run();
}

it.each([
  {meters: 3, how: "at once"},
  {meters: 140, how: "month by month"}
])("a year of $meters meters, read $how, is a file a month and loses nothing", async ({meters}) => {
  await build(meters);
  const months = Array.from({length: 12}, (_, month) => `2022-${String(month + 1).padStart(2, "0")}`);
  const oneEach = Object.fromEntries(months.map((month) => [month, 1]));
  for (const table of ["silver.meter_day", "silver.reading", "gold.energy_day", "gold.load_profile"])
    expect([table, await filesByPartition(table)]).toEqual([table, oneEach]);
  const [account] = await lake.query(
    `SELECT CAST((SELECT sum(list_sum(energy_consumption)) FROM bronze.eliq_daily) AS VARCHAR),
            CAST(sum(1000 * (energy_placed_kwh + energy_rejected_kwh))::BIGINT AS VARCHAR), CAST(sum(values_in) AS VARCHAR),
            (SELECT CAST(count(*) AS VARCHAR) FROM silver.reading) = CAST(sum(readings) AS VARCHAR)
     FROM quality.reconciliation`
  );
  const [[arrived, accounted]] = [account as [string, string]];
  expect(accounted).toBe(arrived);
  expect(account!.at(-1)).toBe(true);
});
