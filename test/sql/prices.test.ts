import {join} from "node:path";
import {DateTime} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {sources} from "../../pipelines/sources/sources.js";
import {priceDays, writePrices} from "../../scripts/generate/prices.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

// Three stretches of days: over the day of 23 hours, over the change from hours to quarters, over the day of 100 quarters.

const stretches = [
  {start: "2025-03-29", days: 3},
  {start: "2025-09-29", days: 4},
  {start: "2025-10-25", days: 3}
].map((stretch) => ({...stretch, seed: 4}));
const zones = [
  {zone: "10YLT-1001A0008Q", name: "LT", format: "xml"},
  {zone: "DK1", name: "DK1", format: "csv"}
] as const;

let lake: TestLake;
const run = () => lake.run({sources: sources.filter(({name}) => name === "prices")});

beforeAll(async () => {
  lake = await testLake(modelsOf("price_point", "price_list"));
  const folder = join(lake.folder, "landing", "prices");
  for (const {zone, format} of zones)
    for (const stretch of stretches) await writePrices({zone, ...stretch}, format, folder);
  expect((await run()).complete).toBe(true);
});
afterAll(() => lake.remove());

describe("day-ahead prices", () => {
  it("come out as they went in, each at its own start and resolution, those left out of a curve too", async () => {
    const expected = zones.flatMap(({zone, name}) =>
      stretches.flatMap((stretch) =>
        [...priceDays({zone, ...stretch})].flatMap(({start, minutes, prices}) =>
          prices.map((price, place) => {
            const at = DateTime.fromISO(start)
              .plus({minutes: place * minutes})
              .toUTC()
              .toFormat("yyyy-MM-dd HH:mm:ss+00");
            return `${name} ${at} ${minutes} ${price.toFixed(6)}`;
          })
        )
      )
    );
    const rows = await lake.query(
      "SELECT bidding_zone, interval_start, interval_minutes, price_eur_mwh FROM silver.price"
    );
    expect(rows.map((row) => row.join(" ")).sort()).toEqual(expected.sort());
    expect(
      expected.some((row) => / -\d/.test(row)),
      "some below zero"
    ).toBe(true);
    const [[repeated]] = (await lake.query("SELECT count(*) FROM silver.price WHERE is_repeated")) as [[string]];
    expect(Number(repeated)).toBeGreaterThan(20);
  });

  it("are of 23, 24 and 25 hours of a day, 92, 96 and 100 quarters, none missing", async () => {
    const rows = await lake.query(
      "SELECT market_date, interval_minutes, count(*) FROM silver.price WHERE bidding_zone = 'LT' GROUP BY market_date, interval_minutes ORDER BY market_date"
    );
    expect(rows).toEqual([
      ["2025-03-29", 60, "24"],
      ["2025-03-30", 60, "23"],
      ["2025-03-31", 60, "24"],
      ["2025-09-29", 60, "24"],
      ["2025-09-30", 60, "24"],
      ["2025-10-01", 15, "96"],
      ["2025-10-02", 15, "96"],
      ["2025-10-25", 15, "96"],
      ["2025-10-26", 15, "100"],
      ["2025-10-27", 15, "96"]
    ]);
    expect(await lake.query("SELECT * FROM quality.price_gap WHERE present_intervals > 0")).toEqual([]);
  });

  it("are missing on the days between, at the resolution of the day before", async () => {
    const days = (from: string, to: string) => DateTime.fromISO(to).diff(DateTime.fromISO(from), "days").days - 1;
    const rows = await lake.query(
      `SELECT bidding_zone, interval_minutes, min(expected_intervals), max(expected_intervals), CAST(count(*) AS INTEGER)
       FROM quality.price_gap GROUP BY bidding_zone, interval_minutes ORDER BY bidding_zone, interval_minutes`
    );
    expect(rows).toEqual(
      ["DK1", "LT"].flatMap((zone) => [
        [zone, 15, 96, 96, days("2025-10-02", "2025-10-25")],
        [zone, 60, 24, 24, days("2025-03-31", "2025-09-29")]
      ])
    );
  });

  it("of a corrected document replace those of its day and touch no other", async () => {
    const before = await lake.query("SELECT * FROM silver.price WHERE market_date <> DATE '2025-10-26' ORDER BY ALL");
    await writePrices(
      {zone: zones[0].zone, start: "2025-10-26", days: 1, seed: 5},
      "xml",
      join(lake.folder, "landing", "prices", "again")
    );
    const result = await run();
    const scopes = result.tables.filter(({outcome}) => outcome === "built").map(({table, scope}) => [table, scope]);
    expect(scopes).toContainEqual(["silver.price_record", ["2025-10-26"]]);
    expect(scopes).toContainEqual(["silver.price", ["2025-10-26"]]);
    const [day] = [...priceDays({zone: zones[0].zone, start: "2025-10-26", days: 1, seed: 5})];
    const rows = await lake.query(
      "SELECT price_eur_mwh FROM silver.price WHERE bidding_zone = 'LT' AND market_date = DATE '2025-10-26' ORDER BY interval_start"
    );
    expect(rows.map(([price]) => Number(price))).toEqual(day!.prices);
    expect(await lake.query("SELECT * FROM silver.price WHERE market_date <> DATE '2025-10-26' ORDER BY ALL")).toEqual(
      before
    );
    expect(await lake.query("SELECT superseded FROM quality.record_account")).toEqual([["100"]]);
  });
});
