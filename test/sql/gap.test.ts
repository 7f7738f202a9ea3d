import fc from "fast-check";
import {IANAZone} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type PolicyName, policies} from "../../pipelines/calendar/policy.js";
import {elapsedSlots, nominalLabels, type Quarter, quartersOf, wallPieces} from "../calendar/oracle.js";
import {arrive, build, type DayRow, type IntervalRow, openTables, type SourceRow} from "./tables.js";

// Days on end around a change of the clock, and around a month's end.
const calendars: Record<string, readonly string[]> = {
  "Europe/Vilnius": ["2022-03-26", "2022-03-27", "2022-03-28", "2022-03-29"],
  "America/New_York": ["2022-11-05", "2022-11-06", "2022-11-07", "2022-11-08"],
  "Australia/Lord_Howe": ["2022-04-02", "2022-04-03", "2022-04-04", "2022-04-05"],
  "Asia/Kathmandu": ["2022-01-30", "2022-01-31", "2022-02-01", "2022-02-02"]
};
const names = Object.keys(policies) as PolicyName[];

/** What may have become of an interval. */
type State = "present" | "no value" | "rejected" | "never arrived";

/** An interval of a day, by when it begins and how long it lasts. */
interface Interval {
  readonly start: number;
  readonly minutes: number;
}

/** A value as a source sends it: its label, and the intervals it stands for; none where its hour never was. */
interface Value {
  readonly label: string;
  readonly intervals: readonly Interval[];
}

/** A gap, its instants in milliseconds. */
interface Gap {
  readonly start: number;
  readonly end: number;
  readonly intervals: number;
  readonly whole_days: number;
  readonly cause: State;
}

/** The intervals that a day has, and the values that a source sends of it. */
function dayOf(policy: PolicyName, zone: string, date: string, resMin: number, asArray: boolean) {
  const day = quartersOf(zone, date);
  const label = (minutes: number, suffix = "") =>
    `${date} ${new Date(minutes * 60_000).toISOString().slice(11, 16)}${suffix}`;
  if (policy === "variable_length") {
    const slots = elapsedSlots(day, resMin);
    return {slots, values: slots.map((slot, index) => ({label: `${date} ${index + 1}`, intervals: [slot]}))};
  }
  const offsetAt = standardOffset(policy, zone, day);
  if (offsetAt) {
    const slots = day
      .filter(({utc}) => (utc / 60_000 + offsetAt(utc)) % resMin === 0)
      .map(({utc}) => ({start: utc, minutes: resMin}));
    const values = slots.map((slot) => ({label: instantLabel(policy, slot.start, offsetAt), intervals: [slot]}));
    return {slots, values};
  }
  const slots = wallPieces(day, resMin);
  if (policy.startsWith("fixed_slots_")) {
    const labels = nominalLabels(resMin).map((minutes) => ({
      label: label(minutes),
      intervals: slots.filter((slot) => slot.label === minutes)
    }));
    const isSent = ({intervals}: Value) =>
      intervals.length > 0 || (asArray && policy !== "fixed_slots_skip_sum_double");
    return {slots, values: labels.filter(isSent)};
  }
  const values = slots.flatMap((slot, index) => {
    const isDouble = slots.filter((other) => other.label === slot.label).length > 1;
    const isSecond = slots.slice(0, index).some((other) => other.label === slot.label);
    if (policy === "label_drops_ambiguous" && isSecond) return [];
    const turn = policy === "label_3a_3b" && isDouble ? (isSecond ? "B" : "A") : "";
    return [{label: label(slot.label, turn), intervals: [slot]}];
  });
  return {slots, values};
}

/** For policies of instants, the offset that their labels are written in. */
function standardOffset(policy: PolicyName, zone: string, day: readonly Quarter[]) {
  const tz = IANAZone.create(zone);
  if (policy === "utc") return () => 0;
  if (policy === "label_offset") return (utc: number) => tz.offset(utc);
  const year = new Date(day[0]!.utc).getUTCFullYear();
  const standard = Math.min(tz.offset(Date.UTC(year, 0, 1)), tz.offset(Date.UTC(year, 6, 1)));
  return policy === "fixed_standard_time" ? () => standard : undefined;
}

function instantLabel(policy: PolicyName, utc: number, offsetAt: (utc: number) => number): string {
  const offset = offsetAt(utc);
  const clock = new Date(utc + offset * 60_000).toISOString().slice(0, 16);
  if (policy === "utc") return `${clock}Z`;
  if (policy === "fixed_standard_time") return clock;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${clock}${offset < 0 ? "-" : "+"}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

/** The gaps of a series of days, each with the state of every interval, in plain loops. */
function gapsOf(days: readonly (readonly (Interval & {state: State})[])[]): Gap[] {
  const [first, last] = [
    days.findIndex((day) => day.some(({state}) => state === "present")),
    days.findLastIndex((day) => day.some(({state}) => state === "present"))
  ];
  const gaps: Gap[] = [];
  for (const [index, day] of days.entries()) {
    const isInside = first >= 0 && index >= first && index <= last;
    if (!isInside && !day.some(({state}) => state === "no value")) continue;
    const isTold = ({state}: {state: State}) => state !== "never arrived";
    const from = !isInside || index === first ? day.findIndex(isTold) : 0;
    const to = !isInside || index === last ? day.findLastIndex(isTold) : day.length - 1;
    const isWhole = day.every((interval) => interval.state !== "present" && (isInside || isTold(interval)));
    let counted: Gap | undefined;
    for (const {start, minutes, state} of day.slice(from, to + 1)) {
      if (state === "present") continue;
      const before = gaps.at(-1);
      const end = start + minutes * 60_000;
      if (before?.cause === state && before.end === start) {
        const whole_days = before.whole_days + (isWhole && before !== counted ? 1 : 0);
        gaps[gaps.length - 1] = {...before, end, intervals: before.intervals + 1, whole_days};
      } else gaps.push({start, end, intervals: 1, whole_days: isWhole ? 1 : 0, cause: state});
      counted = gaps.at(-1);
    }
  }
  return gaps;
}

/** How a day comes: whole, not at all, with holes, or with nothing in it. */
const dayKind = fc.constantFrom("whole", "whole", "absent", "holes", "holes", "empty");
const hole = fc.constantFrom<State>("present", "present", "present", "no value", "rejected", "never arrived");
const pool = fc.record({
  kinds: fc.array(dayKind, {minLength: 7, maxLength: 29}),
  holes: fc.array(hole, {minLength: 11, maxLength: 40})
});

/** Every policy in every zone at every resolution, its days as the pool has it. */
function everything({kinds, holes}: {kinds: readonly string[]; holes: readonly State[]}) {
  const expected = new Map<string, Gap[]>();
  const days: DayRow[] = [];
  const intervals: IntervalRow[] = [];
  let count = 0;
  for (const [zone, dates] of Object.entries(calendars))
    for (const policy of names)
      for (const resMin of [15, 30, 60])
        for (const shape of policies[policy].shapes) {
          const meter = `${zone} ${policy} ${resMin} ${shape}`;
          const common = {source: `${zone} ${policy}`, meter, resolution: `${resMin}min`};
          const told = dates.map((date) => {
            const {slots, values} = dayOf(policy, zone, date, resMin, shape === "array");
            const kind = kinds[count++ % kinds.length]!;
            const states = values.map(({label}, index): State => {
              if (kind !== "holes")
                return kind === "whole" ? "present" : kind === "empty" ? "no value" : "never arrived";
              const state = holes[(index + count * 7) % holes.length]!;
              // An array has a place for each value; and a label that comes once more means its first time.
              const isTwice = values.filter((value) => value.label === label).length > 1;
              return state === "never arrived" && (shape === "array" || isTwice) ? "no value" : state;
            });
            const sent = values.map(({intervals}, index) =>
              states[index] === "present" && intervals.length > 0
                ? 1
                : states[index] === "rejected" && intervals.length > 0
                  ? -1
                  : null
            );
            if (shape === "array") {
              if (kind !== "absent") days.push({...common, date, values: sent});
            } else
              for (const [index, {label}] of values.entries()) {
                if (states[index] === "never arrived") continue;
                intervals.push({...common, label, value: sent[index] === null ? null : String(sent[index])});
              }
            const stateOf = ({start}: Interval): State =>
              states[values.findIndex(({intervals}) => intervals.some((other) => other.start === start))] ??
              "never arrived";
            return slots.map((slot) => ({...slot, state: stateOf(slot)}));
          });
          expected.set(meter, gapsOf(told));
        }
  return {expected, days, intervals};
}

const duckdb = await openTables();
afterAll(() => duckdb.close());

const sources: SourceRow[] = Object.keys(calendars).flatMap((tz) =>
  names.map((policy) => ({source: `${tz} ${policy}`, tz, policy}))
);
const gapTables = ["silver.present_run", "silver.span_day", "quality.gap_day", "quality.gap"];
const tables = [
  ...[
    "silver.meter_day",
    "silver.interval_time",
    "silver.odd_label",
    "silver.label_turn",
    "silver.meter_interval",
    "silver.day_fate",
    "silver.interval_place",
    "silver.repeated_interval",
    "silver.register_reading"
  ],
  ...["silver.interval_fate", "silver.reading"],
  ...["silver.reading_reject", "gold.energy_day", ...gapTables]
];

async function gaps(): Promise<Map<string, Gap[]>> {
  const rows = await duckdb.rows<Gap & {meter: string}>(
    `SELECT meter_id AS meter, CAST(epoch_ms(gap_start) AS DOUBLE) AS start, CAST(epoch_ms(gap_end) AS DOUBLE) AS end,
       CAST(missing_intervals AS INTEGER) AS intervals, whole_days, cause FROM quality.gap ORDER BY gap_start`
  );
  const found = new Map<string, Gap[]>();
  for (const {meter, ...gap} of rows) found.set(meter, [...(found.get(meter) ?? []), gap]);
  return found;
}

describe("quality.gap", () => {
  beforeAll(async () => {
    const {days, intervals} = everything({kinds: ["whole"], holes: []});
    await arrive(duckdb, {sources, days, intervals});
    await build(duckdb, [
      ...["silver.meter_day", "silver.interval_time", "silver.odd_label", "silver.label_turn", "silver.meter_interval"],
      ...["silver.calendar_date", "silver.calendar_year", "silver.slot", "silver.day_length", "silver.absent_label"]
    ]);
  });

  it("finds none in whole days of 23, 24 and 25 hours, but for the hour that a source drops", async () => {
    const {expected, days, intervals} = everything({kinds: ["whole"], holes: []});
    await arrive(duckdb, {sources, days, intervals});
    await build(duckdb, tables);
    const found = await gaps();
    expect([...found.keys()].every((meter) => meter.includes("label_drops_ambiguous"))).toBe(true);
    expect(found.get("America/New_York label_drops_ambiguous 60 labels")).toEqual([
      {
        start: Date.parse("2022-11-06T06:00:00Z"),
        end: Date.parse("2022-11-06T07:00:00Z"),
        ...{intervals: 1, whole_days: 0, cause: "never arrived"}
      }
    ]);
    expect(found).toEqual(new Map([...expected].filter(([, gaps]) => gaps.length > 0)));
  });

  it("lists what plain loops over luxon list, for every policy, whatever is missing", async () => {
    await fc.assert(
      fc.asyncProperty(pool, async (drawn) => {
        const {expected, days, intervals} = everything(drawn);
        await arrive(duckdb, {sources, days, intervals});
        await build(duckdb, tables);
        const found = await gaps();
        for (const [meter, gaps] of expected) expect({meter, gaps: found.get(meter) ?? []}).toEqual({meter, gaps});
      }),
      {numRuns: Number(process.env.WATTLAKE_GAPS ?? 2), endOnFailure: true}
    );
  });
});
