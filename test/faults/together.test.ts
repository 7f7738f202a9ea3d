import {mkdir, utimes} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {TableDigest} from "../../pipelines/models/lake_digest.js";
import {type TestLake, testLake} from "../support/lake.js";
import {isThorough} from "./effort.js";
import {childRun} from "./verbs.js";

let lake: TestLake;
let alone: TestLake;
beforeEach(async () => {
  [lake, alone] = [await testLake(), await testLake()];
});
afterEach(async () => {
  await lake.remove();
  await alone.remove();
});

/** How many pipelines to start at once: three, or every number from two to eight. */
const crowds = isThorough ? [2, 3, 4, 5, 6, 7, 8] : [3];

async function landTo(to: TestLake) {
  await to.land("eliq/1.parquet", [
    ["2022-03-27", 2],
    ["2022-05-01", 3]
  ]);
  await to.land("eliq/2.parquet", [
    ["2022-03-27", 4],
    ["2022-05-02", 5, "m2"]
  ]);
}

async function landMore(to: TestLake) {
  await to.land("eliq/3.parquet", [["2022-05-01", 9]]);
  await to.land("eliq/4.parquet", [["2022-05-03", 1]]);
}

/** What the files give when nobody disturbs anybody, before and after the second batch. */
async function undisturbed(): Promise<[TableDigest[], TableDigest[]]> {
  await landTo(alone);
  await alone.run();
  const first = await alone.digest();
  await landMore(alone);
  await alone.run();
  return [first, await alone.digest()];
}

describe("pipelines started at once on one lake", () => {
  it("say who holds the lake, and since when, when they don't", async () => {
    await landTo(lake);
    const runs = await Promise.all([1, 2, 3].map(() => childRun({lake: lake.folder, sql: lake.sql})));
    const held = runs.filter(({complete}) => complete);
    expect(held.length).toBeGreaterThan(0);
    for (const {error} of runs.filter(({complete}) => !complete)) {
      expect(error).toMatch(
        /^lake in use: .*: (process \d+ on \S+ holds it since \d{4}-\S+Z|another process is just taking it); wait for it with --wait$/
      );
    }
    expect((await lake.query("SELECT max(run) FROM ops.run"))[0]).toEqual([String(held.length)]);
  });

  it("take over, a moment later, from one that was killed before it said whose the lake is", async () => {
    await landTo(lake);
    await mkdir(join(lake.folder, ".lease"));
    const almostStale = Date.now() / 1000 - 13;
    await utimes(join(lake.folder, ".lease"), almostStale, almostStale);
    expect((await lake.run()).complete).toBe(true);
  });

  it("go one after the other when they wait, and take over at once from one that was killed", async () => {
    await landTo(lake);
    expect((await childRun({lake: lake.folder, sql: lake.sql}, {stopAt: "after arrivals:1"})).signal).toBe("SIGKILL");
    const started = Date.now();
    const waiting = [1, 2, 3].map(() => childRun({lake: lake.folder, sql: lake.sql, wait: true}));
    const firstEnd = Promise.race(waiting).then(() => Date.now());
    const runs = await Promise.all(waiting);
    expect(runs.map(({run}) => run).sort()).toEqual([1, 2, 3]);
    expect(runs.every(({complete}) => complete)).toBe(true);
    expect(await lake.query("SELECT count(*) FROM bronze.eliq_daily")).toEqual([["4"]]);
    // A lease that is not renewed goes stale only after this long.
    expect((await firstEnd) - started).toBeLessThan(15_000);
  });

  it.each(crowds)(
    "lose, double and leave stale nothing without the lease: %i of them",
    {timeout: 120_000},
    async (count) => {
      const [first, second] = await undisturbed();
      const crowd = () =>
        Promise.all(Array.from({length: count}, () => childRun({lake: lake.folder, sql: lake.sql, lease: false})));
      await landTo(lake);
      const runs = await crowd();
      expect(runs.filter(({complete}) => !complete)).toEqual([]);
      expect(new Set(runs.map(({run}) => run)).size).toBe(count);
      expect(await lake.digest()).toEqual(first);
      await landMore(lake);
      expect((await crowd()).filter(({complete}) => !complete)).toEqual([]);
      expect(await lake.digest()).toEqual(second);
      expect((await lake.run()).tables.every(({outcome}) => outcome === "unchanged")).toBe(true);
    }
  );

  it("don't miss a file that lands between two that look", async () => {
    await landTo(lake);
    const first = childRun({lake: lake.folder, sql: lake.sql, lease: false});
    await landMore(lake);
    const runs = await Promise.all([first, childRun({lake: lake.folder, sql: lake.sql, lease: false})]);
    expect(runs.filter(({complete, rejected}) => !complete || rejected)).toEqual([]);
    expect(await lake.query("SELECT count(*) FROM bronze.eliq_daily")).toEqual([["6"]]);
    expect((await lake.run()).landing.fresh).toEqual([]);
  });
});

describe("a reader beside a run that writes", () => {
  it("sees a whole run, always, and is never locked out", async () => {
    const day = (value: number) => [["2022-05-01", value] as const];
    await lake.land("eliq/000.parquet", day(1));
    await lake.run();
    let isWriting = true;
    const writer = (async () => {
      for (let value = 2; value <= 3; value++) {
        await lake.land(`eliq/00${value}.parquet`, day(value));
        await childRun({lake: lake.folder, sql: lake.sql});
      }
      isWriting = false;
    })();
    const seen: string[] = [];
    while (isWriting) {
      const [row] = await lake.query(
        `SELECT (SELECT sum(energy_kwh) FROM silver.reading), (SELECT sum(energy_kwh) FROM gold.energy_day),
                (SELECT sum(energy_kwh) FROM gold.energy_month), (SELECT max(energy_consumption[1]) FROM bronze.eliq_daily) * 0.024`
      );
      expect(new Set(row!.map(Number)).size, `one run's numbers: ${row}`).toBe(1);
      seen.push(String(row![0]));
    }
    await writer;
    expect(seen, "never back to an older run").toEqual([...seen].sort());
    expect(new Set(seen).size).toBeGreaterThan(1);
  });
});
