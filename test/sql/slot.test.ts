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
  ["America/Sao_Paulo", 0, 2014, 2015, 2016, 2017, 2018, 2019],
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
await build(duckdb, ["silver.meter_day", "silver.meter_interval", "silver.calendar_year", "silver.slot"]);

interface Row {
  date: string;
  slot: number;
  n_slots: number;
  wall_slot: number;
  wall_repeats: number;
  wall_repeat: number;
  wall_minutes: number;
  wall_before: number;
  wall_rank: number;
  start: number;
  dur_min: number;
}

async function rowsOf(tz: string, dayStart: number, resMin: number, which: "is_elapsed" | "is_wall") {
  const rows = await duckdb.rows<Row>(
    `SELECT strftime(local_date, '%Y-%m-%d') AS date, slot, n_slots, wall_slot, wall_repeats, wall_repeat, wall_minutes, wall_before,
       wall_rank, CAST(epoch_ms(start_utc) AS DOUBLE) AS start, dur_min
     FROM silver.slot WHERE tz = $1 AND day_start_min = $2 AND res_min = $3 AND ${which} ORDER BY start_utc`,
    [tz, dayStart, resMin]
  );
  const days = new Map<string, Row[]>();
  for (const row of rows) days.set(row.date, [...(days.get(row.date) ?? []), row]);
  return days;
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
    const found = await rowsOf(tz, dayStart, resMin, "is_elapsed");
    for (const {date, quarters} of days) {
      if (offGrid && quarters.length !== 96) continue;
      const rows = found.get(date) ?? [];
      const expected = elapsedSlots(quarters, resMin);
      expect(rows.map(({slot, n_slots, start, dur_min}) => [slot, n_slots, start, dur_min])).toEqual(
        expected.map(({start, minutes}, index) => [index + 1, expected.length, start, minutes])
      );
    }
  });

  it.each([15, 30, 60])("has luxon's runs of labels at %i minutes", async (resMin) => {
    const found = await rowsOf(tz, dayStart, resMin, "is_wall");
    for (const {date, quarters} of days) {
      if (offGrid && quarters.length !== 96) continue;
      const expected = wallPieces(quarters, resMin);
      const labels = [...new Set(expected.map(({label}) => label))].sort((a, b) => a - b);
      expect(
        (found.get(date) ?? []).map((row) => ({...row, date: undefined, slot: undefined, n_slots: undefined}))
      ).toEqual(
        expected.map((piece, index) => {
          const same = expected.filter(({label}) => label === piece.label);
          const before = expected.slice(0, index).filter(({label}) => label === piece.label);
          return {
            wall_slot: piece.label / resMin + 1,
            wall_repeats: same.length,
            wall_repeat: before.length + 1,
            wall_minutes: minutesOf(same),
            wall_before: minutesOf(before),
            wall_rank: labels.indexOf(piece.label) + 1,
            start: piece.start,
            dur_min: piece.minutes
          };
        })
      );
    }
  });

  it("leaves no gap and no overlap from the first day to the last", async () => {
    for (const resMin of [15, 30, 60])
      for (const which of ["is_elapsed", "is_wall"] as const) {
        const rows = [...(await rowsOf(tz, dayStart, resMin, which)).values()].flat();
        const gaps = rows.slice(1).filter(({start}, index) => {
          const end = rows[index]!.start + rows[index]!.dur_min * 60_000;
          return start !== end && start - end < 86_400_000 * 30;
        });
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
