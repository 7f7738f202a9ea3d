import {isDeepStrictEqual} from "node:util";
import fc from "fast-check";
import {DateTime, IANAZone} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type PolicyName, policies} from "../../pipelines/calendar/policy.js";
import {type LabelAt, labelsAt} from "../../pipelines/sources/source.js";
import {
  elapsedSlots,
  expectedLength,
  nominalLabels,
  type Piece,
  type Placed,
  place,
  quartersOf,
  shares,
  wallPieces
} from "../calendar/oracle.js";
import {arrive, build, type DayRow, type IntervalRow, openTables, type SourceRow, upToAccount} from "./tables.js";

// Of each zone the day its clock goes forward, the day it goes back, and an ordinary one.
const days: Record<string, readonly string[]> = {
  "Europe/Vilnius": ["2022-03-27", "2022-10-30", "2022-07-01"],
  "Europe/London": ["2022-03-27", "2022-10-30", "2022-07-01"],
  "America/New_York": ["2022-03-13", "2022-11-06", "2022-07-01"],
  "Australia/Lord_Howe": ["2022-10-02", "2022-04-03", "2022-07-01"],
  "America/Sao_Paulo": ["2018-11-04", "2018-02-17", "2018-07-01"],
  "Asia/Kathmandu": ["2022-07-01"]
};
const resolutions = [15, 30, 60];
const names = Object.keys(policies) as PolicyName[];
const instants: readonly PolicyName[] = ["utc", "label_offset", "fixed_standard_time"];
const inOrder: readonly PolicyName[] = ["label_in_order", "label_paired"];
const orders = ["oldest first", "newest first", "shuffled"] as const;
type Order = (typeof orders)[number];

/** One series: a policy on a day, as it is sent and as it must be read. */
interface Series {
  meter: string;
  zone: string;
  date: string;
  resMin: number;
  policy: PolicyName;
  sent: LabelAt | "array";
  order: Order;
  placed: readonly Placed[];
  rejected: readonly string[];
}

/** A row as it is sent; what it must give, and the times of its label, of which it may be the second. */
interface Sent {
  label: string;
  value: bigint | null;
  start: number;
}

const duckdb = await openTables();
afterAll(() => duckdb.close());

const micro = 1000n;
const minute = 60_000;

/** The clock on the wall at an instant. */
function wall(zone: string, utc: number): string {
  return DateTime.fromMillis(utc, {zone}).toFormat("yyyy-MM-dd HH:mm");
}

/** A label some minutes later by arithmetic alone, whatever the clock does. */
function later(label: string, minutes: number): string {
  return DateTime.fromFormat(label, "yyyy-MM-dd HH:mm", {zone: "utc"}).plus({minutes}).toFormat("yyyy-MM-dd HH:mm");
}

/** The label of an interval, from its instants. A piece of an hour that begins in the middle of its label bears the label's beginning. */
function labelOf(zone: string, date: string, {start, minutes, label}: Piece, resMin: number, at: LabelAt): string {
  const begins = later(`${date} 00:00`, label);
  return at === "end" ? wall(zone, start + minutes * minute) : at === "start" ? begins : later(begins, resMin);
}

/** Labelled rows of a day from the oldest on, each with where it must go. */
function labelled(
  policy: PolicyName,
  zone: string,
  date: string,
  resMin: number,
  at: LabelAt,
  values: readonly (bigint | null)[]
): {rows: Sent[]; placed: Placed[]} {
  const day = quartersOf(zone, date);
  const rows: Sent[] = [];
  const placed: Placed[] = [];
  const add = (label: string, start: number, minutes: number) => {
    const value = values[rows.length] ?? null;
    rows.push({label, value, start});
    if (value !== null) placed.push({start, minutes, micro: value * micro, quality: "measured"});
  };

  if (policy === "variable_length") {
    elapsedSlots(day, resMin).forEach(({start, minutes}, index) => {
      add(`${date} ${index + 1}`, start, minutes);
    });
  } else if (instants.includes(policy)) {
    const tz = IANAZone.create(zone);
    const standard = Math.min(tz.offset(Date.UTC(2022, 0, 1)), tz.offset(Date.UTC(2022, 6, 1)));
    for (const {utc} of day) {
      const offset = policy === "utc" ? 0 : policy === "label_offset" ? tz.offset(utc) : standard;
      if ((utc / minute + offset) % resMin !== 0) continue;
      const named = at === "start" ? utc : utc + resMin * minute;
      const written = policy === "label_offset" && at !== "end_by_clock" ? tz.offset(named) : offset;
      const text = DateTime.fromMillis(named, {zone: "utc"}).plus({minutes: written}).toFormat("yyyy-MM-dd'T'HH:mm");
      const suffix = policy === "utc" ? "Z" : policy === "label_offset" ? hours(written) : "";
      add(text + suffix, utc, resMin);
    }
  } else {
    const named = wallPieces(day, resMin).map((piece) => ({piece, label: labelOf(zone, date, piece, resMin, at)}));
    if (policy.startsWith("fixed_slots_")) {
      const labels = [...new Set(named.map(({label}) => label))];
      for (const label of labels) {
        const value = values[rows.length] ?? null;
        const bearing = named.filter((one) => one.label === label).map(({piece}) => piece);
        rows.push({label, value, start: bearing[0]!.start});
        if (value === null) continue;
        const parts =
          policy === "fixed_slots_repeat" ? bearing.map(() => value * micro) : shares(value * micro, bearing);
        const quality = policy !== "fixed_slots_repeat" && bearing.length > 1 ? "split" : "measured";
        bearing.forEach(({start, minutes}, part) => {
          placed.push({start, minutes, micro: parts[part]!, quality});
        });
      }
      // What an ordinary day has besides comes empty.
      for (const label of nominalLabels(resMin)) {
        const begins = later(`${date} 00:00`, label);
        const text = at === "start" ? begins : later(begins, resMin);
        if (!labels.includes(text)) rows.push({label: text, value: null, start: day[0]!.utc + label * minute});
      }
    } else {
      named.forEach(({piece: {start, minutes}, label}, index) => {
        const same = named.filter((one) => one.label === label).length;
        const second = named.slice(0, index).some((one) => one.label === label);
        if (policy === "label_drops_ambiguous" && second) return;
        add(label + (policy === "label_3a_3b" && same > 1 ? (second ? "B" : "A") : ""), start, minutes);
      });
      if (policy === "label_paired") rows.sort((a, b) => pairedAt(rows, a) - pairedAt(rows, b) || a.start - b.start);
    }
  }
  return {rows, placed};
}

/** Where a row stands whose label comes in pairs: with the first of them. */
function pairedAt(rows: readonly Sent[], row: Sent): number {
  return Math.min(...rows.filter(({label}) => label === row.label).map(({start}) => start));
}

/** The rows of a file in some order, always the same. */
function ordered(rows: readonly Sent[], order: Order): Sent[] {
  if (order === "oldest first") return [...rows];
  if (order === "newest first") return [...rows].reverse();
  const left = [...rows];
  return rows.map((_, index) => left.splice((index * 7919 + 31) % left.length, 1)[0]!);
}

function hours(offset: number): string {
  const minutes = Math.abs(offset);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Every policy on every day at every resolution, filled from a pool of values: as arrays, and labelled in the ways and orders named. */
function everything(pool: readonly (bigint | null)[], ats: readonly LabelAt[], rowOrders: readonly Order[]) {
  const series: Series[] = [];
  const arrays: DayRow[] = [];
  const intervals: IntervalRow[] = [];
  const values = (length: number) =>
    Array.from({length}, (_, index) => pool[(index * 13 + series.length * 7) % pool.length] ?? null);
  for (const [zone, dates] of Object.entries(days))
    for (const date of dates)
      for (const resMin of resolutions)
        for (const policy of names) {
          const common = {zone, date, resMin, policy};
          const row = (at: LabelAt) => ({
            source: `${zone} ${policy} ${at}`,
            meter: `m${series.length}`,
            resolution: `${resMin}min`
          });
          if ((policies[policy].shapes as readonly string[]).includes("array")) {
            const day = quartersOf(zone, date);
            const absent =
              policy === "fixed_slots_sum_double" || policy === "fixed_slots_repeat" ? absentOf(day, resMin) : [];
            const sent = values(expectedLength(policy, day, resMin)).map((value, index) =>
              absent.includes(index) ? null : value
            );
            const inMicro = sent.map((value) => (value === null ? null : value * micro));
            arrays.push({...row("start"), date, values: sent});
            const placed = place(policy, day, resMin, inMicro);
            series.push({
              ...common,
              meter: row("start").meter,
              sent: "array",
              order: "oldest first",
              placed,
              rejected: []
            });
          }
          for (const at of ats)
            for (const order of rowOrders) {
              const {rows, placed} = labelled(policy, zone, date, resMin, at, values(100));
              const unclear =
                order === "shuffled" && inOrder.includes(policy)
                  ? rows.filter(({label}) => rows.filter((other) => other.label === label).length > 1)
                  : [];
              for (const {label, value} of ordered(rows, order))
                intervals.push({...row(at), label, value: value === null ? null : String(value)});
              series.push({
                ...common,
                ...{meter: row(at).meter, sent: at, order},
                placed: placed.filter(({start}) => !unclear.some((one) => one.start === start)),
                rejected: unclear.map(({label}) => label).sort()
              });
            }
        }
  return {series, arrays, intervals};
}

function absentOf(day: ReturnType<typeof quartersOf>, resMin: number): number[] {
  const bearing = new Set(wallPieces(day, resMin).map(({label}) => label));
  return nominalLabels(resMin).flatMap((label, index) => (bearing.has(label) ? [] : [index]));
}

const sources: SourceRow[] = Object.keys(days).flatMap((tz) =>
  names.flatMap((policy) => labelsAt.map((label_at) => ({source: `${tz} ${policy} ${label_at}`, tz, policy, label_at})))
);

async function readings(): Promise<Map<string, Placed[]>> {
  const rows = await duckdb.rows<{
    meter: string;
    start: number;
    minutes: number;
    micro: bigint;
    quality: Placed["quality"];
  }>(
    `SELECT meter_id AS meter, CAST(epoch_ms(interval_start) AS DOUBLE) AS start, interval_minutes AS minutes,
       CAST(energy_kwh * 1000000 AS BIGINT) AS micro, quality FROM silver.reading ORDER BY interval_start`
  );
  const found = new Map<string, Placed[]>();
  for (const {meter, ...placed} of rows) {
    const before = found.get(meter);
    if (before) before.push(placed);
    else found.set(meter, [placed]);
  }
  return found;
}

async function rejects(): Promise<Map<string, string[]>> {
  const rows = await duckdb.rows<{meter: string; reasons: string[]}>(
    "SELECT meter_id AS meter, list(reason ORDER BY reason) AS reasons FROM silver.reading_reject GROUP BY meter_id"
  );
  return new Map(rows.map(({meter, reasons}) => [meter, reasons]));
}

/** Holds what was read against what had to be, series by series. */
async function expectSeries(series: readonly Series[]): Promise<void> {
  const found = await readings();
  const reasons = await rejects();
  for (const {meter, placed, rejected, ...which} of series) {
    const expected = {
      placed: [...placed].sort((a, b) => a.start - b.start),
      reasons: rejected.map((label) => `label happened twice, and the rows around it are in no order: ${label}`)
    };
    const actual = {placed: found.get(meter) ?? [], reasons: reasons.get(meter) ?? []};
    if (!isDeepStrictEqual(actual, expected)) expect({...which, ...actual}).toEqual({...which, ...expected});
  }
  expect(await unbalanced()).toEqual([]);
}

const tables = [
  "silver.meter_day",
  "silver.interval_time",
  "silver.odd_label",
  "silver.label_turn",
  "silver.meter_interval",
  "silver.day_fate",
  "silver.interval_place",
  "silver.repeated_interval",
  "silver.register_reading",
  "silver.interval_fate",
  "silver.reading",
  "silver.reading_reject",
  "quality.reconciliation"
];

describe("silver.reading", () => {
  // Values that differ, so that none can stand in another's place.
  const all = everything(
    Array.from({length: 97}, (_, index) => BigInt(index + 1)),
    labelsAt,
    orders
  );
  beforeAll(async () => {
    await arrive(duckdb, {sources, days: all.arrays, intervals: all.intervals});
    await build(duckdb, upToAccount);
  });

  it("lays every policy's values where luxon says, whatever their labels name and in whatever order they come", async () => {
    await expectSeries(all.series);
  });

  it("fills a day whole: starts distinct and contiguous, durations adding up to the day", async () => {
    const found = await readings();
    for (const {meter, zone, date, resMin, policy, rejected} of all.series) {
      // The dropped hour is a hole by its nature, and hours of another clock don't begin and end with Lord Howe's day.
      if (policy === "label_drops_ambiguous" || (instants.includes(policy) && resMin !== 15)) continue;
      if (rejected.length > 0) continue;
      const day = quartersOf(zone, date);
      const rows = found.get(meter)!;
      const starts = rows.map(({start}) => start);
      const ends = rows.map(({start, minutes}) => start + minutes * minute);
      const filled = {starts, minutes: rows.reduce((sum, {minutes}) => sum + minutes, 0)};
      const whole = {starts: [day[0]!.utc, ...ends.slice(0, -1)], minutes: day.length * 15};
      if (!isDeepStrictEqual(filled, whole))
        expect({zone, date, resMin, policy, ...filled}).toEqual({zone, date, resMin, policy, ...whole});
    }
  });

  it("lays them there whatever the values are", async () => {
    const value = fc.option(fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 10_000_000n)), {nil: null, freq: 8});
    await fc.assert(
      fc.asyncProperty(fc.array(value, {minLength: 40, maxLength: 97}), async (pool) => {
        const {series, arrays, intervals} = everything(pool, ["end"], ["oldest first"]);
        await arrive(duckdb, {sources, days: arrays, intervals});
        await build(duckdb, tables);
        await expectSeries(series);
      }),
      {numRuns: Number(process.env.WATTLAKE_SEQUENCES ?? 1), endOnFailure: true}
    );
  });

  it("keeps a value's energy to the micro-kWh when it is shared", async () => {
    await arrive(duckdb, {
      sources: [{source: "mwh", unit: "MWh"}, {source: "wh"}],
      days: [{source: "wh", date: "2022-10-30", values: Array.from({length: 24}, (_, hour) => (hour === 3 ? 1 : 0))}],
      intervals: [{source: "mwh", label: "2022-10-30 03:00", value: "0.000000"}]
    });
    await build(duckdb);
    const shared = await duckdb.rows(
      "SELECT CAST(energy_kwh AS VARCHAR) AS energy_kwh, CAST(interval_start AS VARCHAR) AS start FROM silver.reading WHERE quality = 'split' AND source = 'wh' ORDER BY start"
    );
    expect(shared).toEqual([
      {energy_kwh: "0.000500", start: "2022-10-30 00:00:00+00"},
      {energy_kwh: "0.000500", start: "2022-10-30 01:00:00+00"}
    ]);
  });
});

function unbalanced() {
  return duckdb.rows(
    `SELECT * FROM quality.reconciliation
     WHERE values_in IS DISTINCT FROM placed_values + nonexistent + missing + rejected + superseded
        OR energy_in_kwh IS DISTINCT FROM energy_placed_kwh + energy_rejected_kwh + energy_superseded_kwh`
  );
}
