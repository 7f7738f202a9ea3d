import {afterAll, describe, expect, it} from "vitest";
import {elapsedSlots, type Piece, quartersOf, wallPieces} from "../calendar/oracle.js";
import {arrive, build, openTables} from "./tables.js";

const duckdb = await openTables();
afterAll(() => duckdb.close());

const zones: readonly [tz: string, dayStartMin: number, ...years: number[]][] = [
  ["Europe/Vilnius", 0, 2022, 2023],
  ["Europe/London", 0, 2022],
  ["America/New_York", 0, 2022],
  ["Australia/Lord_Howe", 0, 2021, 2022],
  ["America/Sao_Paulo", 0, 2017, 2018],
  ["Asia/Kathmandu", 0, 2022],
  ["Europe/Berlin", 360, 2022],
  ["Australia/Lord_Howe", 360, 2022],
  // A day that never was, a shift at 00:01, a shift of two hours, a summer that is the standard.
  ["Pacific/Apia", 0, 2011],
  ["America/St_Johns", 0, 2010],
  ["Antarctica/Troll", 0, 2022],
  ["Africa/Casablanca", 0, 2022]
];

await arrive(duckdb, {
  sources: zones.map(([tz, day_start_min], index) => ({source: `s${index}`, tz, day_start_min})),
  days: zones.flatMap(([, , ...years], index) =>
    years.map((year) => ({source: `s${index}`, date: `${year}-06-01`, values: []}))
  )
});
await build(duckdb, [
  "silver.meter_day",
  "silver.interval_time",
  "silver.odd_label",
  "silver.label_turn",
  "silver.meter_interval",
  "silver.calendar_date",
  "silver.calendar_year",
  "silver.slot"
]);

/** By date, some columns of a day's slots in their order: a slot's are joined by commas, the slots by spaces. */
async function slotsOf(tz: string, dayStart: number, resMin: number, which: "is_elapsed" | "is_wall", columns: string) {
  const days = await duckdb.rows<{date: string; slots: string}>(
    `SELECT strftime(local_date, '%Y-%m-%d') AS date,
       string_agg(concat_ws(',', ${columns}, epoch_ms(start_utc), dur_min), ' ' ORDER BY start_utc) AS slots
     FROM silver.slot WHERE tz = $1 AND day_start_min = $2 AND res_min = $3 AND ${which} GROUP BY local_date`,
    [tz, dayStart, resMin]
  );
  return new Map(days.map(({date, slots}) => [date, slots]));
}

function* datesOf(years: readonly number[]) {
  for (const year of years)
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000)
      yield new Date(at).toISOString().slice(0, 10);
}

describe.each(zones)("silver.slot in %s, days starting at minute %i", (tz, dayStart, ...years) => {
  // The shift of St John's at 00:01 is told to the quarter: the day is whole, and luxon's 00:00 is its neighbour's.
  const offGrid = tz === "America/St_Johns";
  const days = [...datesOf(years)].map((date) => ({date, quarters: quartersOf(tz, date, dayStart)}));

  it.each([15, 30, 60])("has luxon's slots of real time at %i minutes", async (resMin) => {
    const found = await slotsOf(tz, dayStart, resMin, "is_elapsed", "slot, n_slots");
    for (const {date, quarters} of days) {
      if (offGrid && quarters.length !== 96) continue;
      const expected = elapsedSlots(quarters, resMin).map(({start, minutes}, index, {length}) =>
        [index + 1, length, start, minutes].join()
      );
      expect(found.get(date) ?? "", date).toBe(expected.join(" "));
    }
  });

  it.each([15, 30, 60])("has luxon's runs of labels at %i minutes", async (resMin) => {
    const columns = "wall_slot, wall_repeats, wall_repeat, wall_minutes, wall_before, wall_rank";
    const found = await slotsOf(tz, dayStart, resMin, "is_wall", columns);
    for (const {date, quarters} of days) {
      if (offGrid && quarters.length !== 96) continue;
      const pieces = wallPieces(quarters, resMin);
      const labels = [...new Set(pieces.map(({label}) => label))].sort((a, b) => a - b);
      const bearing = new Map(labels.map((label) => [label, pieces.filter((piece) => piece.label === label)]));
      const expected = pieces.map((piece) => {
        const same = bearing.get(piece.label)!;
        const before = same.slice(0, same.indexOf(piece));
        return [
          piece.label / resMin + 1,
          same.length,
          before.length + 1,
          minutesOf(same),
          minutesOf(before),
          labels.indexOf(piece.label) + 1,
          piece.start,
          piece.minutes
        ].join();
      });
      expect(found.get(date) ?? "", date).toBe(expected.join(" "));
    }
  });

  it("has luxon's days, and the months that they make, as intervals", async () => {
    const months = new Map<string, {start: number; minutes: number}>();
    const found = await slotsOf(tz, dayStart, 1440, "is_elapsed", "slot, wall_slot, n_slots, wall_repeats");
    for (const {date, quarters} of days) {
      const [first] = elapsedSlots(quarters, 15);
      if (!first || (offGrid && quarters.length !== 96)) continue;
      const minutes = quarters.length * 15;
      expect(found.get(date), date).toBe([1, 1, 1, 1, first.start, minutes].join());
      const {start} = months.get(date.slice(0, 7)) ?? first;
      months.set(date.slice(0, 7), {start, minutes: (months.get(date.slice(0, 7))?.minutes ?? 0) + minutes});
    }
    if (offGrid) return;
    const whole = await slotsOf(tz, dayStart, 43200, "is_wall", "slot, wall_slot, n_slots, wall_repeats");
    expect([...whole].sort()).toEqual(
      [...months].sort().map(([month, {start, minutes}]) => [`${month}-01`, [1, 1, 1, 1, start, minutes].join()])
    );
  });

  it("leaves no gap and no overlap from the first day to the last", async () => {
    for (const which of ["is_elapsed", "is_wall"]) {
      const gaps = await duckdb.rows(
        `SELECT * FROM (
           SELECT *, lead(start_utc) OVER (PARTITION BY res_min ORDER BY start_utc) - start_utc AS apart
           FROM silver.slot WHERE tz = $1 AND day_start_min = $2 AND ${which}
         ) WHERE apart <> to_minutes(dur_min) AND apart < INTERVAL 30 DAY`,
        [tz, dayStart]
      );
      expect(gaps).toEqual([]);
    }
  });
});

function minutesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, {minutes}) => sum + minutes, 0);
}

it("names an hour by the clock when it began, and counts a gas day's labels from its start", async () => {
  const rows = await duckdb.rows(
    `SELECT CAST(start_utc AS VARCHAR) AS start, wall_slot, local_hour, CAST(hour_start AS VARCHAR) AS hour
     FROM silver.slot WHERE tz = 'Europe/Berlin' AND local_date = DATE '2022-03-26' AND res_min = 30 AND slot IN (1, 2, 41, 42)
     ORDER BY start_utc`
  );
  expect(rows).toEqual([
    {start: "2022-03-26 05:00:00+00", wall_slot: 1, local_hour: 6, hour: "2022-03-26 05:00:00+00"},
    {start: "2022-03-26 05:30:00+00", wall_slot: 2, local_hour: 6, hour: "2022-03-26 05:00:00+00"},
    {start: "2022-03-27 01:00:00+00", wall_slot: 43, local_hour: 3, hour: "2022-03-27 01:00:00+00"},
    {start: "2022-03-27 01:30:00+00", wall_slot: 44, local_hour: 3, hour: "2022-03-27 01:00:00+00"}
  ]);
});
