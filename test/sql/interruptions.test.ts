import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {DateTime} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {sources} from "../../pipelines/sources/sources.js";
import {type Interruption, interruptionsOf, writeInterruptions} from "../../scripts/generate/interruptions.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

// IEEE 1366 by plain loops, over a log of seven years: each but the first has years before it, up to five of which count.

const options = {start: 2015, years: 7, customers: 3000, seed: 5};
const last = 2021;
/** The years with a log before them. */
const later = [2016, 2017, 2018, 2019, 2020, 2021];
const row = (id: string, start: string, end: string, customers: number): Interruption => ({
  utility_id: "1",
  interruption_id: id,
  circuit_id: "c",
  cause: "by hand",
  started_at: start,
  restored_at: end,
  customers_interrupted: customers,
  customers_served: 3000
});
/** On days of no others, or none of a storm. */
const byHand = [
  row("five minutes", "2021-07-04T10:00:00-05:00", "2021-07-04T10:05:00-05:00", 1000),
  row("six minutes", "2021-07-05T10:00:00-05:00", "2021-07-05T10:06:00-05:00", 1000),
  row("over midnight", "2021-12-31T23:30:00-06:00", "2022-01-01T05:30:00-06:00", 3000),
  row("through the change", "2021-11-07T00:30:00-05:00", "2021-11-07T03:30:00-06:00", 2000),
  row("nobody", "2021-07-06T10:00:00-05:00", "2021-07-06T12:00:00-05:00", 0)
];

const log: Interruption[] = [];
const thresholds = new Map<number, ReturnType<typeof thresholdOf>>();
let lake: TestLake;

beforeAll(async () => {
  lake = await testLake(modelsOf("interruption_row"));
  const folder = join(lake.folder, "landing", "interruptions");
  await writeInterruptions(options, folder);
  const lines = byHand.map((interruption) => `${Object.values(interruption).join(",")}\n`);
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, "by-hand.csv"), `${Object.keys(byHand[0]!).join(",")}\n${lines.join("")}`);
  for (let year = options.start; year <= last; year++) log.push(...interruptionsOf(year, options));
  log.push(...byHand);
  for (const year of later) thresholds.set(year, thresholdOf(year));
  const result = await lake.run({sources: sources.filter(({name}) => name === "interruptions")});
  expect(result.complete).toBe(true);
});
afterAll(() => lake.remove());

const minutesOf = ({started_at, restored_at}: Interruption) =>
  DateTime.fromISO(restored_at).diff(DateTime.fromISO(started_at), "minutes").minutes;
const isSustained = (interruption: Interruption) => minutesOf(interruption) > 5;
const yearOf = ({started_at}: Interruption) => Number(started_at.slice(0, 4));
const servedIn = (year: number) =>
  Math.max(...log.filter((each) => yearOf(each) === year).map(({customers_served}) => customers_served));

/** The daily SAIDI of a year, in minutes, of the days on which a sustained interruption starts. */
function daysOf(year: number): Map<string, number> {
  const days = new Map<string, number>();
  const served = servedIn(year);
  for (const each of log.filter((one) => yearOf(one) === year && isSustained(one))) {
    const date = each.started_at.slice(0, 10);
    days.set(date, (days.get(date) ?? 0) + (each.customers_interrupted * minutesOf(each)) / served);
  }
  return days;
}

function thresholdOf(year: number) {
  const logarithms: number[] = [];
  for (let before = Math.max(year - 5, options.start); before < year; before++)
    for (const saidi of daysOf(before).values()) if (saidi > 0) logarithms.push(Math.log(saidi));
  const alpha = logarithms.reduce((total, value) => total + value, 0) / logarithms.length;
  const squares = logarithms.reduce((total, value) => total + (value - alpha) ** 2, 0);
  const beta = Math.sqrt(squares / (logarithms.length - 1));
  const years = Math.min(5, year - options.start);
  return {days: logarithms.length, years, alpha, beta, tMed: Math.exp(alpha + 2.5 * beta)};
}

describe("the indices of IEEE 1366", () => {
  it("have a threshold of Major Event Days from up to five years before, and say how many those are", async () => {
    const rows = await lake.query(
      "SELECT year, days, threshold_years, alpha, beta, t_med_minutes FROM gold.major_event_threshold ORDER BY year"
    );
    expect(rows.map(([year]) => year)).toEqual(later);
    for (const [year, ...found] of rows) {
      const {days, years, alpha, beta, tMed} = thresholds.get(year as number)!;
      expect(found.map(Number)).toEqual([days, years, ...[alpha, beta, tMed].map((value) => expect.closeTo(value, 5))]);
    }
  });

  it("know the days above it", async () => {
    const major: string[] = [];
    for (const year of later)
      for (const [date, saidi] of daysOf(year)) if (saidi > thresholds.get(year)!.tMed) major.push(date);
    expect(major.length).toBeGreaterThan(2);
    expect(major).toContain("2021-12-31");
    const rows = await lake.query(
      "SELECT local_date FROM gold.interruption_day WHERE is_major_event_day ORDER BY local_date"
    );
    expect(rows.flat()).toEqual(major.sort());
  });

  it("are those of a loop over the log, with and without them", async () => {
    const rows = await lake.query(
      "SELECT year, basis, saidi_minutes, saifi, caidi_minutes, maifi FROM gold.reliability_index ORDER BY year, basis"
    );
    expect(rows.length).toBe(7 + later.length);
    for (const [year, basis, ...found] of rows) {
      const served = servedIn(year as number);
      const days = daysOf(year as number);
      const tMed = basis === "all events" ? Infinity : thresholds.get(year as number)!.tMed;
      const counted = log.filter(
        (each) => yearOf(each) === year && !((days.get(each.started_at.slice(0, 10)) ?? 0) > tMed)
      );
      let [minutes, customers, momentary] = [0, 0, 0];
      for (const each of counted) {
        if (!isSustained(each)) momentary += each.customers_interrupted;
        else {
          minutes += each.customers_interrupted * minutesOf(each);
          customers += each.customers_interrupted;
        }
      }
      const expected = [minutes / served, customers / served, minutes / customers, momentary / served];
      expect(found.map(Number), `${year} ${basis}`).toEqual(expected.map((value) => expect.closeTo(value, 5)));
    }
  });

  it("count more than five minutes as sustained, and real time through a change of the clock", async () => {
    const rows = await lake.query(
      "SELECT interruption_id, CAST(elapsed_minutes AS INTEGER), is_sustained, local_date FROM silver.interruption WHERE cause = 'by hand' ORDER BY interruption_id"
    );
    expect(rows).toEqual([
      ["five minutes", 5, false, "2021-07-04"],
      ["nobody", 120, true, "2021-07-06"],
      ["over midnight", 360, true, "2021-12-31"],
      ["six minutes", 6, true, "2021-07-05"],
      ["through the change", 240, true, "2021-11-07"]
    ]);
  });

  it("leave unknown what no year before can tell", async () => {
    const rows = await lake.query(
      "SELECT year, threshold_years, major_event_days IS NULL FROM gold.reliability_index WHERE basis = 'all events' ORDER BY year"
    );
    expect(rows).toEqual([[2015, null, true], ...later.map((year) => [year, Math.min(5, year - 2015), false])]);
  });
});
