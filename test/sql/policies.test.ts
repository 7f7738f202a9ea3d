import {isDeepStrictEqual} from "node:util";
import fc from "fast-check";
import {IANAZone} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type PolicyName, policies} from "../../pipelines/calendar/policy.js";
import {
  elapsedSlots,
  expectedLength,
  nominalLabels,
  type Placed,
  place,
  quartersOf,
  wallPieces
} from "../calendar/oracle.js";
import {arrive, build, type DayRow, type IntervalRow, openTables, type SourceRow} from "./tables.js";

// Of each zone the day its clock goes forward, the day it goes back, and an ordinary one.
const days: Record<string, readonly string[]> = {
  "Europe/Vilnius": ["2022-03-27", "2022-10-30", "2022-07-01"],
  "Europe/London": ["2022-03-27", "2022-10-30", "2022-07-01"],
  "America/New_York": ["2022-03-13", "2022-11-06", "2022-07-01"],
  "Australia/Lord_Howe": ["2022-10-02", "2022-04-03", "2022-07-01"],
  "America/Sao_Paulo": ["2018-11-04", "2018-02-17", "2018-07-01"],
  "Asia/Kathmandu": ["2022-03-27", "2022-10-30", "2022-07-01"]
};
const resolutions = [15, 30, 60];
const names = Object.keys(policies) as PolicyName[];
const instants: readonly PolicyName[] = ["utc", "label_offset", "fixed_standard_time"];

/** One series: a policy on a day, as it is sent and as it must be read. */
interface Series {
  meter: string;
  zone: string;
  date: string;
  resMin: number;
  policy: PolicyName;
  placed: readonly Placed[];
}

const duckdb = await openTables();
afterAll(() => duckdb.close());

const micro = 1000n;

/** Labelled rows of a day in the order in which a source would send them, each with where it must go. */
function labelled(
  policy: PolicyName,
  zone: string,
  date: string,
  resMin: number,
  end: boolean,
  values: readonly (bigint | null)[]
) {
  const day = quartersOf(zone, date);
  const rows: {label: string; value: bigint | null}[] = [];
  const placed: Placed[] = [];
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const shift = end ? resMin : 0;
  const clock = (minutes: number) => new Date(midnight + minutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
  const next = () => values[rows.length] ?? null;
  const add = (label: string, start: number, minutes: number) => {
    const value = next();
    rows.push({label, value});
    if (value !== null) placed.push({start, minutes, micro: value * micro, quality: "measured"});
  };

  if (policy === "variable_length") {
    elapsedSlots(day, resMin).forEach(({start, minutes}, index) => {
      add(`${date} ${index + 1}`, start, minutes);
    });
  } else if (policy.startsWith("fixed_slots_")) {
    const pieces = wallPieces(day, resMin);
    const labels = nominalLabels(resMin);
    const sent = labels.map((label, index) =>
      pieces.some((piece) => piece.label === label) ? (values[index] ?? null) : null
    );
    labels.forEach((label, index) => {
      rows.push({label: clock(label + shift), value: sent[index]!});
    });
    const whole = policy === "fixed_slots_skip_sum_double" ? "fixed_slots_sum_double" : policy;
    placed.push(
      ...place(
        whole,
        day,
        resMin,
        sent.map((value) => (value === null ? null : value * micro))
      )
    );
  } else if (instants.includes(policy)) {
    const tz = IANAZone.create(zone);
    const standard = Math.min(tz.offset(Date.UTC(2022, 0, 1)), tz.offset(Date.UTC(2022, 6, 1)));
    for (const {utc} of day) {
      const offset = policy === "utc" ? 0 : policy === "label_offset" ? tz.offset(utc) : standard;
      if ((utc / 60_000 + offset) % resMin !== 0) continue;
      const at = utc + shift * 60_000;
      const written = policy === "label_offset" ? tz.offset(at) : offset;
      const text = new Date(at + written * 60_000).toISOString().slice(0, 16);
      const suffix = policy === "utc" ? "Z" : policy === "label_offset" ? hours(written) : "";
      add(text + suffix, utc, resMin);
    }
  } else {
    const pieces = wallPieces(day, resMin);
    pieces.forEach((piece, index) => {
      const same = pieces.filter(({label}) => label === piece.label).length;
      const second = pieces.slice(0, index).some(({label}) => label === piece.label);
      if (policy === "label_drops_ambiguous" && second) return;
      const suffix = policy === "label_3a_3b" && same > 1 ? (second ? "B" : "A") : "";
      add(clock(piece.label + shift) + suffix, piece.start, piece.minutes);
    });
  }
  return {rows, placed};
}

function hours(offset: number): string {
  const minutes = Math.abs(offset);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Every policy on every day at every resolution, filled from a pool of values. */
function everything(pool: readonly (bigint | null)[]) {
  const series: Series[] = [];
  const arrays: DayRow[] = [];
  const intervals: IntervalRow[] = [];
  const values = (length: number) =>
    Array.from({length}, (_, index) => pool[(index * 13 + series.length * 7) % pool.length] ?? null);
  for (const [zone, dates] of Object.entries(days))
    for (const date of dates)
      for (const resMin of resolutions)
        for (const policy of names)
          for (const at of ["array", "start", "end"] as const) {
            if (at === "array" && !(policies[policy].shapes as readonly string[]).includes("array")) continue;
            const meter = `m${series.length}`;
            const common = {
              source: `${zone} ${policy} ${at === "end" ? "end" : "start"}`,
              meter,
              resolution: `${resMin}min`
            };
            if (at === "array") {
              const day = quartersOf(zone, date);
              const nominal = expectedLength(policy, day, resMin);
              const absent =
                policy === "fixed_slots_sum_double" || policy === "fixed_slots_repeat" ? absentOf(day, resMin) : [];
              const sent = values(nominal).map((value, index) => (absent.includes(index) ? null : value));
              arrays.push({...common, date, values: sent});
              const placed = place(
                policy,
                day,
                resMin,
                sent.map((value) => (value === null ? null : value * micro))
              );
              series.push({meter, zone, date, resMin, policy, placed});
            } else {
              const {rows, placed} = labelled(policy, zone, date, resMin, at === "end", values(100));
              for (const {label, value} of rows)
                intervals.push({...common, label, value: value === null ? null : String(value)});
              series.push({meter, zone, date, resMin, policy, placed});
            }
          }
  return {series, arrays, intervals};
}

function absentOf(day: ReturnType<typeof quartersOf>, resMin: number): number[] {
  const bearing = new Set(wallPieces(day, resMin).map(({label}) => label));
  return nominalLabels(resMin).flatMap((label, index) => (bearing.has(label) ? [] : [index]));
}

const sources: SourceRow[] = Object.keys(days).flatMap((tz) =>
  names.flatMap((policy) =>
    (["start", "end"] as const).map((label_at) => ({source: `${tz} ${policy} ${label_at}`, tz, policy, label_at}))
  )
);
const calendar = [
  "silver.calendar_date",
  "silver.calendar_year",
  "silver.slot",
  "silver.day_length",
  "silver.absent_label"
];
const later = [
  "silver.meter_day",
  "silver.interval_time",
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
  for (const {meter, ...placed} of rows) found.set(meter, [...(found.get(meter) ?? []), placed]);
  return found;
}

describe("silver.reading", () => {
  beforeAll(async () => {
    const {arrays, intervals} = everything([1n]);
    await arrive(duckdb, {sources, days: arrays, intervals});
    await build(duckdb, ["silver.meter_day", "silver.interval_time", "silver.meter_interval", ...calendar]);
  });

  it("lays every policy's values where plain loops over luxon lay them, whatever they are", async () => {
    const value = fc.option(fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 10_000_000n)), {nil: null, freq: 8});
    await fc.assert(
      fc.asyncProperty(fc.array(value, {minLength: 40, maxLength: 97}), async (pool) => {
        const {series, arrays, intervals} = everything(pool);
        await arrive(duckdb, {sources, days: arrays, intervals});
        await build(duckdb, later);
        expect(await duckdb.rows("SELECT * FROM silver.reading_reject")).toEqual([]);
        const found = await readings();
        for (const {meter, placed, ...which} of series) {
          const expected = [...placed].sort((a, b) => a.start - b.start);
          const actual = found.get(meter) ?? [];
          if (!isDeepStrictEqual(actual, expected))
            expect({...which, placed: actual}).toEqual({...which, placed: expected});
        }
        expect(await unbalanced()).toEqual([]);
      }),
      {numRuns: Number(process.env.WATTLAKE_SEQUENCES ?? 1), endOnFailure: true}
    );
  });

  it("fills a day whole: starts distinct and contiguous, durations adding up to the day", async () => {
    const {series, arrays, intervals} = everything([7n]);
    await arrive(duckdb, {sources, days: arrays, intervals});
    await build(duckdb, later);
    const found = await readings();
    for (const {meter, zone, date, resMin, policy} of series) {
      // The dropped hour is a hole by its nature, and hours of another clock don't begin and end with Lord Howe's day.
      if (policy === "label_drops_ambiguous" || (instants.includes(policy) && resMin !== 15)) continue;
      const day = quartersOf(zone, date);
      const rows = found.get(meter)!;
      const starts = rows.map(({start}) => start);
      const ends = rows.map(({start, minutes}) => start + minutes * 60_000);
      expect({zone, date, resMin, policy, starts, minutes: rows.reduce((sum, {minutes}) => sum + minutes, 0)}).toEqual({
        ...{zone, date, resMin, policy},
        starts: [day[0]!.utc, ...ends.slice(0, -1)],
        minutes: day.length * 15
      });
    }
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
