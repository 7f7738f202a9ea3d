import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {PreviewedTable} from "../../pipelines/preview.js";
import {type Day, type TestLake, testLake} from "../support/lake.js";

/** A file to come: its days, and whether the next one comes in with the same run. */
const file = fc.record({
  days: fc.uniqueArray(
    fc.tuple(
      fc.constantFrom("2022-03-26", "2022-03-27", "2022-10-30", "2021-12-31", "2022-01-01"),
      fc.constantFrom(1, 2),
      fc.constantFrom("m1", "m2")
    ),
    {minLength: 1, maxLength: 3, selector: ([date, , meter]) => `${date} ${meter}`}
  ),
  hours: fc.constantFrom(24, 24, 24, 22),
  endsRun: fc.boolean()
});

/** Lands the files in order, and runs the pipeline after each, or only where a run ends. */
async function replay(
  lake: TestLake,
  files: readonly {days: readonly Day[]; hours: number; endsRun: boolean}[],
  each: boolean
) {
  for (const [index, {days, hours, endsRun}] of files.entries()) {
    await lake.land(`eliq/${String(index).padStart(3, "0")}.parquet`, days, hours);
    if (each) await lake.run();
    else if (endsRun) await runAsPlanned(lake);
  }
  if (!each) await runAsPlanned(lake);
}

/** Runs, and holds what was done to each table, and why, against what the preview said. */
async function runAsPlanned(lake: TestLake) {
  const told = ({table, scope, reason}: PreviewedTable) => ({table, scope, reason});
  const {files, tables} = await lake.preview();
  const done = await lake.run();
  expect(files).toEqual(done.landing.fresh.map(({path}) => path));
  expect(tables.filter(({table}) => !table.startsWith("bronze.")).map(told)).toEqual(done.tables.map(told));
}

describe("any sequence of arrivals, corrections, repeats, late days and days that are rejected", () => {
  it("gives one lake, whatever runs it comes in by, and when it is rebuilt from nothing", {
    timeout: 600_000
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, {minLength: 2, maxLength: 5}), async (files) => {
        const lakes = [await testLake(), await testLake()];
        try {
          const [oneByOne, batched] = lakes as [TestLake, TestLake];
          await replay(oneByOne, files, true);
          await replay(batched, files, false);
          const digest = await oneByOne.digest();
          expect(await batched.digest()).toEqual(digest);
          const gaps = await oneByOne.query("SELECT * FROM quality.gap ORDER BY meter_id, gap_start");
          expect(await batched.query("SELECT * FROM quality.gap ORDER BY meter_id, gap_start")).toEqual(gaps);
          await oneByOne.empty();
          await oneByOne.run();
          expect(await oneByOne.digest()).toEqual(digest);
          expect(await oneByOne.query("SELECT * FROM quality.gap ORDER BY meter_id, gap_start")).toEqual(gaps);
        } finally {
          for (const lake of lakes) await lake.remove();
        }
      }),
      {numRuns: Number(process.env.WATTLAKE_SEQUENCES ?? 4)}
    );
  });
});
