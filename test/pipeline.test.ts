import {readdir, rm} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import type {PipelineOptions, RunResult} from "../pipelines/pipeline.js";
import type {Source} from "../pipelines/sources/source.js";
import {type Day, type TestLake, testLake} from "./support/lake.js";

let empty: TestLake;
/** A lake that three days came into, 100 Wh in each of their hours. */
let built: TestLake;
let lake: TestLake;
const threeDays: Day[] = [
  ["2022-05-01", 100],
  ["2022-05-02", 100],
  ["2022-06-01", 100]
];
beforeAll(async () => {
  empty = await testLake();
  built = await testLake();
  await built.land("eliq/m.parquet", threeDays);
  await built.run();
});
afterAll(async () => {
  await empty.remove();
  await built.remove();
});
beforeEach(async () => {
  lake = await built.copy();
});
afterEach(() => lake.remove());

/** Does the rest of a test on a lake that nothing has come into. */
async function fromNothing(): Promise<void> {
  await lake.remove();
  lake = await empty.copy();
}

const run = (options?: PipelineOptions) => lake.run(options);
const query: TestLake["query"] = (sql, asOf) => lake.query(sql, asOf);
const landDays: TestLake["land"] = (path, days) => lake.land(path, days);

/** What a run did to each table that it changed. */
const scopes = ({tables}: RunResult) =>
  Object.fromEntries(tables.filter(({outcome}) => outcome !== "unchanged").map(({table, scope}) => [table, scope]));

describe("a run", () => {
  it("does nothing when nothing has arrived", async () => {
    const again = await run();
    expect(scopes(again)).toEqual({});
    expect(again.complete).toBe(true);
  });

  it("builds only the dates that a new day touches, through every layer", async () => {
    await landDays("eliq/b.parquet", [["2022-05-03", 200]]);
    expect(scopes(await run())).toEqual({
      "silver.meter_day": ["2022-05-03"],
      "silver.day_fate": ["2022-05-03"],
      "silver.reading": ["2022-05-03"],
      "gold.energy_day": ["2022-05-03"],
      "gold.energy_month": ["2022-05"],
      "gold.load_profile": ["2022-05"],
      "quality.reconciliation": ["2022-05-03"],
      // How far series reach is seen from a row a series and month, all of them; what they lack, on the dates it changed.
      "silver.present_run": ["2022-05"],
      "silver.span_day": "all",
      "quality.gap_day": ["2022-05-03"],
      "quality.gap": "all"
    });
  });

  it("builds only the dates that a corrected day touches, and stops where nothing comes out differently", async () => {
    await landDays("eliq/b.parquet", [
      ["2022-05-01", 100],
      ["2022-05-02", 200]
    ]);
    const second = scopes(await run());
    expect(second["silver.reading"]).toEqual(["2022-05-01", "2022-05-02"]);
    expect(second["gold.energy_day"], "the first of May reads as before").toEqual(["2022-05-02"]);
  });

  it("touches no date when a source in another zone joins", async () => {
    await fromNothing();
    await landDays("eliq/a.parquet", [["2022-05-01", 100]]);
    const eliq: Source = {
      name: "eliq",
      folder: "eliq",
      format: "eliq_daily",
      timeZone: "Europe/Vilnius",
      policy: "fixed_slots_sum_double",
      unit: "Wh",
      fuel: "electricity",
      channel: "consumption"
    };
    await run({sources: [eliq]});
    await landDays("acme/a.parquet", [["2022-07-01", 5, "m2"]]);
    const acme: Source = {
      ...eliq,
      name: "acme",
      folder: "acme",
      timeZone: "America/New_York",
      policy: "variable_length",
      unit: "kWh"
    };
    const second = scopes(await run({sources: [eliq, acme]}));
    expect(second["silver.reading"]).toEqual(["2022-07-01"]);
    expect(await query("SELECT CAST(energy_kwh AS VARCHAR), tz FROM gold.energy_day WHERE meter_id = 'm2'")).toEqual([
      ["120.000000", "America/New_York"]
    ]);
  });

  it("rebuilds what is asked for, and commits nothing where it comes out the same", async () => {
    const before = await lake.digest();
    for (const asked of [{fullRefresh: true}, {from: "2022-05-15"}, {to: "2022-05-15"}]) {
      const again = await run(asked);
      expect(scopes(again)).toEqual({});
      expect(again.tables.some(({scope}) => scope !== "nothing")).toBe(true);
    }
    expect(await lake.digest()).toEqual(before);
  });

  it("builds a selected table and what it is made from, and leaves a new lake that can be read", async () => {
    await fromNothing();
    await landDays("eliq/a.parquet", [["2022-05-01", 100]]);
    const result = await run({select: ["gold.energy_day"]});
    expect(result.complete).toBe(true);
    expect(Object.keys(scopes(result))).not.toContain("gold.load_profile");
    expect(await query("SELECT count(*) FROM gold.energy_day")).toEqual([["1"]]);
    await expect(query("FROM gold.load_profile")).rejects.toThrow(
      "table not built yet: gold.load_profile; npm run pipeline builds it"
    );
    expect((await run()).complete).toBe(true);
    await expect(run({select: ["gold.energy"]})).rejects.toThrow(/^table to select not found: gold.energy;/);
  });

  it("is not complete while tables that stand lag behind, or are gone", async () => {
    await landDays("eliq/b.parquet", [["2022-05-03", 200]]);
    expect((await run({select: ["gold.energy_day"]})).complete).toBe(false);
    expect(await query("SELECT count(*) FROM gold.energy_day")).toEqual([["3"]]);
    expect(await query("SELECT count(*) FROM gold.energy_day", "latest")).toEqual([["4"]]);
    expect((await run()).complete).toBe(true);
    await rm(join(lake.folder, "gold/load_profile"), {recursive: true});
    expect((await run({select: ["gold.energy_day"]})).complete).toBe(false);
    expect((await run()).complete).toBe(true);
  });

  it("gives the same lake whatever runs the files come in by", async () => {
    await fromNothing();
    const files: [string, [string, number][]][] = [
      [
        "eliq/1.parquet",
        [
          ["2022-03-26", 1],
          ["2022-03-28", 2]
        ]
      ],
      [
        "eliq/2.parquet",
        [
          ["2022-10-30", 3],
          ["2022-03-26", 4]
        ]
      ],
      [
        "eliq/3.parquet",
        [
          ["2022-03-26", 1],
          ["2021-12-31", 5]
        ]
      ]
    ];
    for (const [path, days] of files) {
      await landDays(path, days);
      await run();
    }
    const oneByOne = await lake.digest();
    const atOnce = await testLake();
    try {
      for (const [path, days] of files) await atOnce.land(path, days);
      await atOnce.run();
      expect(await atOnce.digest()).toEqual(oneByOne);
    } finally {
      await atOnce.remove();
    }
  });

  it("is rebuilt from the landing folder and its arrivals when the tables are gone", async () => {
    await landDays("eliq/a.parquet", [["2022-05-01", 200]]);
    await run();
    const before = await lake.digest();
    await lake.empty();
    await run();
    expect(await lake.digest()).toEqual(before);
    expect(await query("SELECT CAST(energy_kwh AS VARCHAR) FROM gold.energy_day ORDER BY local_date LIMIT 1")).toEqual([
      ["4.800000"]
    ]);
  });

  it("takes a known content in anew when it is asked to", async () => {
    await landDays("eliq/b.parquet", [["2022-05-01", 200]]);
    await run();
    await landDays("eliq/c.parquet", threeDays);
    expect((await run()).stale).toMatchObject([{path: "eliq/c.parquet", superseded: 1}]);
    await run({again: ["eliq/c.parquet"]});
    expect(await query("SELECT DISTINCT CAST(energy_kwh AS VARCHAR) FROM gold.energy_day")).toEqual([["2.400000"]]);
    await expect(run({again: ["eliq/nowhere.parquet"]})).rejects.toThrow(
      /^file to take in again not found: eliq\/nowhere.parquet/
    );
  });

  it("is read back as any run left it", async () => {
    const between = new Date().toISOString();
    await landDays("eliq/b.parquet", [["2022-05-03", 100]]);
    await run();
    const days = "SELECT count(*) FROM gold.energy_day";
    expect(await query(days)).toEqual([["4"]]);
    expect(await query(days, 1)).toEqual([["3"]]);
    expect(await query(days, between)).toEqual([["3"]]);
    await expect(query(days, 9)).rejects.toThrow("run not found: 9; the last is 2");
    await expect(query(days, "2020-01-01T00:00:00Z")).rejects.toThrow(
      "no run was complete by 2020-01-01T00:00:00.000Z"
    );
    await expect(query(days, "12345678901234567890123")).rejects.toThrow(/^not a run: 12345678901234567890123;/);
    await expect(query(days, "yesterday")).rejects.toThrow(/^not a run: yesterday;/);
  });
});

describe("a preview", () => {
  it("says what a run would build and why, and builds nothing", async () => {
    const idle = await lake.preview();
    expect(new Set(idle.tables.map(({scope}) => scope))).toEqual(new Set(["nothing"]));
    await fromNothing();
    await landDays("eliq/a.parquet", [["2022-05-01", 100]]);
    const first = await lake.preview();
    expect(first.files).toEqual(["eliq/a.parquet"]);
    expect(first.tables.find(({table}) => table === "gold.energy_day")).toMatchObject({
      scope: "all",
      reason: "not built yet"
    });
    expect(await readdir(lake.folder)).toEqual(["landing"]);
  });
});
