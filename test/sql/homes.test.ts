import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {DateTime} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {sources} from "../../pipelines/sources/sources.js";
import {writeCity} from "../../scripts/generate/city.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsBehind, modelsOf} from "../support/models_of.js";
import {type Expected, expectedOf} from "./homes_oracle.js";

// Ten homes of a made-up city in March 2022, whose 27th has 23 hours; and two far off, with clocks that have no whole hours: one
// is 5:45 ahead of UTC, the other turns back by half an hour on 3 April. What each table says is worked out anew by plain loops.

const names = ["homes", "weather", "prices", "intervals"];
const formats = [
  "home_document",
  "weather_observation",
  "weather_station",
  "weather_archive",
  "price_point",
  "price_list"
];
let lake: TestLake;
let expected: Expected;
const run = () => lake.run({sources: sources.filter(({name}) => names.includes(name))});
const land = async (path: string, lines: readonly string[]) => {
  const file = join(lake.folder, "landing", path);
  await mkdir(join(file, ".."), {recursive: true});
  await writeFile(file, lines.map((line) => `${line}\n`).join(""));
};
const text = async (sql: string) => (await lake.query(sql)).map((row) => row.join(" "));

const hourRows = `
  SELECT location_id, hour_start, local_date, hour_minutes, import_kwh, export_kwh, production_kwh, consumption_kwh, gas_kwh, heat_kwh,
    temperature_c, price_eur_mwh, cost_eur, export_value_eur, present_minutes, expected_minutes
  FROM gold.home_hour ORDER BY location_id, hour_start`;
const dayRows = `
  SELECT location_id, local_date, import_kwh, export_kwh, production_kwh, consumption_kwh, gas_kwh, heat_kwh, cost_eur, heating_degree_days
  FROM gold.home_day ORDER BY location_id, local_date`;

const far = [
  {
    location_id: "kathmandu",
    latitude: 27.7,
    longitude: 85.3,
    time_zone: "Asia/Kathmandu",
    country: "NP",
    bidding_zone: "LT"
  },
  {
    location_id: "lord-howe",
    latitude: -31.55,
    longitude: 159.08,
    time_zone: "Australia/Lord_Howe",
    bidding_zone: "XX",
    solar_kwp: 5
  }
].map((home) => JSON.stringify({client_id: "far", ...home}));

/** Readings of some hours in UTC, told by their start, in watt-hours that no two intervals share. */
function readings(
  location: string,
  channel: string,
  from: string,
  hours: number,
  minutes: number,
  least: number
): string[] {
  return Array.from({length: (hours * 60) / minutes}, (_, place) => {
    const start = new Date(Date.parse(from) + place * minutes * 60_000).toISOString().slice(0, 16);
    return `far,${location}-${channel},${location},electricity,${channel},${start}Z,${minutes}min,${least + place},Wh`;
  });
}
const header = "client_id,meter_id,location_id,fuel,channel,start,resolution,value,unit";
const quarterPrices = Array.from({length: 4 * 96}, (_, place) => {
  const start = new Date(Date.parse("2022-04-01T00:00Z") + place * 900_000).toISOString().slice(0, 16);
  return `XX,${start}Z,15,${((place * 7) % 101) - 20}.${place % 10}`;
});

beforeAll(async () => {
  const models = modelsOf(...formats, "eliq_daily", "interval_row");
  lake = await testLake(await modelsBehind(["gold.home_hour", "gold.home_day", "gold.home_month"], models));
  const landing = join(lake.folder, "landing");
  const month = {homes: 10, from: "2022-03-01", to: "2022-03-31", seed: 1, format: "parquet"} as const;
  await writeCity(month, {landing, truth: join(lake.folder, "aside")});
  await land("homes/far.jsonl", far);
  await land("prices/quarters.csv", ["bidding_zone,interval_start,interval_minutes,price_eur_mwh", ...quarterPrices]);
  await land("intervals/far.csv", [
    header,
    // Of a day that lacks three hours, and of one that is whole: the first counts in place of the hours, the second doesn't.
    "city,home-00004-e,home-00004,electricity,import,2022-03-04,day,5000,Wh",
    "city,home-00004-e,home-00004,electricity,import,2022-03-05,day,5000,Wh",
    ...readings("kathmandu", "import", "2022-03-09T18:15Z", 48, 15, 100),
    ...readings("lord-howe", "import", "2022-04-01T13:00Z", 72, 30, 500),
    ...readings("lord-howe", "export", "2022-04-01T13:00Z", 72, 30, 10),
    // The panels tell hours of UTC, none of which is one of the home's before the clock turns back.
    ...readings("lord-howe", "production", "2022-04-01T13:00Z", 72, 60, 1000)
  ]);
  expect((await run()).complete).toBe(true);
  expected = await expectedOf(landing);
}, 60_000);
afterAll(() => lake.remove());

describe("homes", () => {
  it("have each hour of their own calendars, with energy, weather, price and cost", async () => {
    const rows = await text(hourRows);
    expect(rows).toEqual(expected.hours);
    const count = (start: string) =>
      rows.filter((row) => row.startsWith(start) && row.includes("2022-03-27 60")).length;
    expect(count("home-00001 ")).toBe(23);
    expect(rows.filter((row) => row.startsWith("kathmandu")).every((row) => row.includes(":15:00+00"))).toBe(true);
    expect(rows.filter((row) => /^lord-howe .*[+]00 2022-04-03 /.test(row)).length).toBe(25);
  });

  it("have days and months that are the sums of their hours, and of what came by the day and the month alone", async () => {
    expect(await text(dayRows)).toEqual(expected.days);
    expect(
      await text(
        `SELECT location_id, month, import_kwh, export_kwh, production_kwh, consumption_kwh, gas_kwh, heat_kwh, cost_eur, heating_degree_days, present_days
         FROM gold.home_month ORDER BY location_id, month`
      )
    ).toEqual(expected.months);
    const measures = ["import_kwh", "export_kwh", "production_kwh", "consumption_kwh", "cost_eur"];
    const sums = (table: string) =>
      text(
        `SELECT location_id, substr(month, 1, 7), ${measures.map((name) => `sum(${name})`).join(", ")} FROM ${table}
         WHERE location_id NOT IN ('home-00004', 'home-00007', 'home-00009') GROUP BY ALL ORDER BY ALL`
      );
    const hours = await sums("gold.home_hour");
    expect(hours.length).toBe(7 + 2);
    expect(await sums("gold.home_day")).toEqual(hours);
    expect(await sums("gold.home_month")).toEqual(hours);
  });

  it("miss a meter that falls silent for a day: of two series of hours half is there", async () => {
    expect(
      await text(
        "SELECT DISTINCT gas_kwh, completeness FROM gold.home_hour WHERE location_id = 'home-00005' AND local_date = DATE '2022-03-18'"
      )
    ).toEqual([" 0.500000"]);
  });

  it("are what their profile says on the day", async () => {
    expect(
      await text(
        "SELECT has_ev, min(local_date), max(local_date) FROM gold.home_hour WHERE location_id = 'home-00008' GROUP BY has_ev ORDER BY 1"
      )
    ).toEqual(["false 2022-03-01 2022-03-15", "true 2022-03-16 2022-03-31"]);
    expect(
      await text(
        "SELECT DISTINCT location_id FROM gold.home_hour WHERE solar_kwp > 0 AND production_kwh IS NULL AND consumption_kwh IS NOT NULL"
      )
    ).toEqual([]);
  });

  it("are built anew on the dates that a correction, a price and a profile touch, and come out as if built at once", async () => {
    await land("intervals/later.csv", [header, ...readings("kathmandu", "import", "2022-03-10T18:15Z", 1, 15, 700)]);
    await land("prices/republished.csv", [
      "bidding_zone,interval_start,interval_minutes,price_eur_mwh",
      "XX,2022-04-02T20:15Z,15,99.9"
    ]);
    await land("homes/later.jsonl", [JSON.stringify({...JSON.parse(far[0]!), valid_from: "2022-03-11", has_ev: true})]);
    const {tables} = await run();
    const scopes = new Map(tables.map(({table, scope}) => [table, scope]));
    // The version of the profile before the new one ends on that day, so its own dates may change, too.
    const dates = ["2022-03-10", "2022-03-11", "2022-04-03"];
    // An hour looks a week back for what it expects, so a week of hours is built, and only what differs goes on.
    const week = (date: string, days: number) =>
      Array.from({length: days}, (_, day) => DateTime.fromISO(date).plus({days: day}).toISODate());
    expect(scopes.get("gold.home_hour")).toEqual([...week("2022-03-10", 9), ...week("2022-04-03", 8)]);
    expect(scopes.get("gold.home_day")).toEqual(dates);
    expect(scopes.get("gold.home_month")).toEqual(["2022-03", "2022-04"]);
    expected = await expectedOf(join(lake.folder, "landing"));
    expect(await text(hourRows)).toEqual(expected.hours);
    expect(await text(dayRows)).toEqual(expected.days);
  });
});
