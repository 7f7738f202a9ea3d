import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {DateTime} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {sources} from "../../pipelines/sources/sources.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

// The real files, read by hand and added up by plain loops on luxon's calendar.

interface Hour {
  readonly region: string;
  readonly local: DateTime;
  /** Whole micro-kWh: a kWh has at most six decimals here. */
  readonly energy: bigint;
}

const zone = "Europe/Vilnius";
const files = ["202203.csv.gz", "2022-10.csv.gz"];
let lake: TestLake;
const hours: Hour[] = [];
const run = () => lake.run({sources: sources.filter(({name}) => ["load", "weather"].includes(name))});

beforeAll(async () => {
  lake = await testLake(modelsOf("load_row", "weather_observation", "weather_station", "weather_archive"));
  for (const folder of ["load", "weather"])
    await cp(join("lake/landing", folder), join(lake.folder, "landing", folder), {recursive: true});
  const result = await run();
  expect(result.complete).toBe(true);
  for (const file of files) {
    const text = gunzipSync(await readFile(join("lake/landing/load", file))).toString("utf8");
    for (const line of text.replace("\uFEFF", "").trim().split(/\r?\n/).slice(1)) {
      const [region, label, value] = line.includes(";") ? line.split(";") : line.split(",");
      const [whole, fraction = ""] = value!.split(/[.,]/);
      const local = DateTime.fromSQL(`${label} +02:00`, {setZone: true}).setZone(zone);
      hours.push({region: region!, local, energy: BigInt(whole! + fraction.padEnd(6, "0"))});
    }
  }
});
afterAll(() => lake.remove());

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const text = (micro: bigint) => `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, "0")}`;
const sum = (some: readonly Hour[]) => some.reduce((total, {energy}) => total + energy, 0n);
const greatest = (some: readonly Hour[]) => some.map(({energy}) => energy).sort((a, b) => (a > b ? -1 : 1))[0]!;
const dayKey = ({region, local}: Hour) => `${region} ${local.toISODate()}`;
const hoursOf = (local: DateTime) => local.startOf("day").plus({days: 1}).diff(local.startOf("day"), "hours").hours;

describe("regional load", () => {
  it("comes in whole, from a file with a decimal comma and one with a point, every value as written", async () => {
    expect(hours.length).toBe(71_424);
    const rows = await lake.query("SELECT * FROM quality.record_account WHERE source = 'load'");
    expect(rows).toEqual([["load", "71424", "71424", "0", "0", "0"]]);
    const total = await lake.query("SELECT sum(energy_kwh) FROM silver.regional_load");
    expect(total).toEqual([[text(sum(hours))]]);
  });

  it("is added up by local days of 23, 24 and 25 hours, the load factor only of whole ones", async () => {
    const expected = [...grouped(hours, dayKey).values()].map((some) => {
      const {region, local} = some[0]!;
      const length = hoursOf(local);
      const factor =
        some.length === length
          ? (2_000_000n * sum(some) + BigInt(length) * greatest(some)) / (2n * BigInt(length) * greatest(some))
          : null;
      return [
        region,
        local.toISODate(),
        text(sum(some)),
        text(greatest(some)),
        factor === null ? null : text(factor),
        length,
        some.length
      ];
    });
    const rows = await lake.query(
      "SELECT region, local_date, energy_kwh, peak_kw, load_factor, hours, present_hours FROM gold.region_day"
    );
    const sorted = (list: unknown[][]) => list.map((row) => row.join(" ")).sort();
    expect(sorted(rows)).toEqual(sorted(expected));
    expect(new Set(rows.map((row) => row[5]))).toEqual(new Set([23, 24, 25]));
  });

  it("has a profile of means and 90th percentiles by season, weekday and local hour", async () => {
    const [season] = ["spring"];
    const spring = hours.filter(({local}) => local.month >= 3 && local.month <= 5);
    const expected = [...grouped(spring, ({region, local}) => `${region} ${local.weekday} ${local.hour}`)].map(
      ([key, some]) => {
        const sizes = some.map(({energy}) => energy).sort((a, b) => (a < b ? -1 : 1));
        const count = BigInt(some.length);
        return `${key} ${some.length} ${text((2n * sum(some) + count) / (2n * count))} ${text(sizes[Math.ceil(0.9 * some.length) - 1]!)}`;
      }
    );
    const rows = await lake.query(
      `SELECT region, weekday, local_hour, hours, mean_kwh, p90_kwh FROM gold.region_profile WHERE season = '${season}'`
    );
    expect(rows.map((row) => row.join(" ")).sort()).toEqual(expected.sort());
  });

  it("names the days at or above the 95th percentile, with the weather of their hours", async () => {
    const whole = [...grouped(hours, dayKey).values()].filter((some) => some.length === hoursOf(some[0]!.local));
    const expected: string[] = [];
    for (const [region, days] of grouped(whole, (some) => some[0]!.region)) {
      const energies = days.map(sum).sort((a, b) => (a < b ? -1 : 1));
      const threshold = energies[Math.ceil((95 * energies.length) / 100) - 1]!;
      for (const some of days.filter((day) => sum(day) >= threshold))
        expected.push(`${region} ${some[0]!.local.toISODate()} ${text(threshold)} ${hoursOf(some[0]!.local)}`);
    }
    const rows = await lake.query("SELECT region, local_date, p95_kwh, weather_hours FROM gold.extreme_day");
    expect(rows.map((row) => row.join(" ")).sort()).toEqual(expected.sort());
    const observed = gunzipSync(await readFile("lake/landing/weather/vilniaus-ams_2022.csv.gz")).toString("utf8");
    const temperatures = new Map(
      observed
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => [line.slice(0, 16), Number(line.split(",")[2])])
    );
    const coldest = DateTime.fromISO("2022-03-06", {zone});
    const day = Array.from(
      {length: 24},
      (_, hour) => temperatures.get(coldest.plus({hours: hour}).toUTC().toFormat("yyyy-MM-dd HH:mm"))!
    );
    const [weather] = await lake.query(
      "SELECT mean_temperature_c, min_temperature_c, max_temperature_c FROM gold.extreme_day WHERE region = 'Vilniaus miesto Vartotojai' AND local_date = DATE '2022-03-06'"
    );
    expect(weather!.map(Number)).toEqual([
      expect.closeTo(day.reduce((total, value) => total + value, 0) / 24, 6),
      Math.min(...day),
      Math.max(...day)
    ]);
  });

  it("of a corrected hour rebuilds that date alone", async () => {
    const folder = join(lake.folder, "landing", "load");
    await writeFile(join(folder, "corrected.csv"), "GR_NAME,PL_T,P+\nAlytaus Vartotojai,2022-03-27 23:00:00,1.5\n");
    const result = await run();
    const scopes = result.tables.filter(({outcome}) => outcome === "built").map(({table, scope}) => [table, scope]);
    expect(scopes).toContainEqual(["silver.regional_load", ["2022-03-27"]]);
    // By the clock of Vilnius, an hour ahead by then, it is the next day's first.
    expect(scopes).toContainEqual(["gold.region_day", ["2022-03-28"]]);
    const [[kwh]] = (await lake.query(
      "SELECT energy_kwh FROM silver.regional_load WHERE region = 'Alytaus Vartotojai' AND interval_start = TIMESTAMPTZ '2022-03-27 21:00:00+00'"
    )) as [[string]];
    expect(kwh).toBe("1.500000");
    expect(await lake.query("SELECT superseded FROM quality.record_account WHERE source = 'load'")).toEqual([["1"]]);
  });
});
