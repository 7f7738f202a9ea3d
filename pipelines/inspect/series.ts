import type {Connection} from "../engines/duckdb.js";
import {count} from "../observe/text.js";
import {certain, type Finding, unknown} from "./finding.js";
import {observe} from "./observed.js";
import type {Roles} from "./roles.js";

/** What the file has at one label of one day, over all series. */
export interface Slot {
  /** Series that have it. */
  readonly meters: number;
  /** Rows that have it: more than series where a label comes twice. */
  readonly rows: number;
  /** Rows without a value, or with zero. */
  readonly empty: number;
  readonly total: number;
}

export type Slots = ReadonlyMap<string, ReadonlyMap<number, Slot>>;

/** The values of a file, by the clock of their labels. */
export interface Series {
  /** `array`: a day a row. `labels`: a label a row. `numbers`: a day and the number of an interval. */
  readonly shape: "array" | "labels" | "numbers";
  readonly resMin: number;
  /** How many series there are. */
  readonly meters: number;
  /** By day (`2022-03-27`), then by the minute of the day that the label shows. */
  readonly slots: Slots;
  /** By day, how many values a series has, most often. */
  readonly lengths: ReadonlyMap<string, number>;
  /** The first and the last minute of the day that most series have. */
  readonly ends: {readonly first: number; readonly last: number};
  /** Days on which labels that come twice come in pairs, one right after the other. */
  readonly pairedDays: ReadonlySet<string>;
  /** Whether an end names the last minute of its interval: 00:14 for a quarter of an hour. */
  readonly isInclusive: boolean;
  /** What follows the labels: `Z`, `+02:00`, `A`; how often, and the first and last day. */
  readonly suffixes: readonly {
    readonly suffix: string;
    readonly rows: number;
    readonly first: string;
    readonly last: string;
  }[];
  readonly findings: readonly Finding[];
}

/** Reads the values by their labels; undefined when there are none. */
export async function readSeries(connection: Connection, roles: Roles): Promise<Series | undefined> {
  await observe(connection, roles);
  const [all] = await connection.rows<{
    rows: number;
    unread: number;
    example: string | null;
    meters: number;
    clocked: number;
    most: number | null;
    least: number | null;
  }>(
    `SELECT CAST(count(*) AS INTEGER) AS rows, CAST(count(DISTINCT "row") FILTER (day IS NULL OR place IS NULL) AS INTEGER) AS unread,
       arg_min(stamp, "row") FILTER (day IS NULL OR place IS NULL) AS example, CAST(count(DISTINCT series) AS INTEGER) AS meters,
       CAST(count(*) FILTER (clocked) AS INTEGER) AS clocked, max(place) AS most, min(place) AS least FROM observed`
  );
  await connection.run("DELETE FROM observed WHERE day IS NULL OR place IS NULL");
  if (all!.rows === 0 || all!.most === null) return undefined;
  const unread =
    all!.unread > 0
      ? [
          certain(
            "times that can't be read",
            count(all!.unread, "row"),
            `such as ${all!.example || "an empty one"}; they will be rejected`
          )
        ]
      : [];
  const {kind} = roles.time;
  const hours = all!.most / 60;
  // An hour of 1 to 23, 24 or 25 without minutes is no time but a number.
  const isNumbered = kind === "hours" || (kind === "times" && all!.clocked === 0 && all!.least! >= 60 && hours >= 23);
  const found =
    kind === "lists"
      ? await counted(connection, "array", all!.meters)
      : isNumbered
        ? await counted(connection, "numbers", all!.meters)
        : kind === "wide"
          ? await spread(connection, roles.time.cells.length, all!.meters)
          : await labelled(connection, all!.meters);
  return {...found, findings: [...unread, ...found.findings]};
}

/** Arrays and numbered intervals: how long a day is says the resolution. */
async function counted(connection: Connection, shape: "array" | "numbers", meters: number): Promise<Series> {
  const per = shape === "numbers" ? "place / 60 - 1" : "place";
  const lengths = await lengthsOf(connection);
  const counts = new Map<number, number>();
  for (const length of lengths.values()) counts.set(length, (counts.get(length) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  const nominal = ranked[0]![0];
  const fits = 1440 % nominal === 0;
  const resMin = fits ? 1440 / nominal : 60;
  const seen = ranked.slice(0, 4).map(([length, days]) => `${length} values on ${count(days, "day")}`);
  return {
    ...{shape, resMin, meters},
    slots: await slotsOf(connection, `CAST(${per} AS INTEGER) * ${resMin}`),
    lengths,
    ends: {first: 0, last: 1440 - resMin},
    pairedDays: new Set(),
    isInclusive: false,
    suffixes: [],
    findings: [
      fits
        ? certain("resolution", `${resMin} minutes`, seen.join(", "))
        : unknown("resolution", seen.join(", "), "days of 24, 48 or 96 values")
    ]
  };
}

/** A value a column: each is at its place in the day by the clock. */
async function spread(connection: Connection, cells: number, meters: number): Promise<Series> {
  const resMin = Math.round(1440 / cells);
  await connection.run(`UPDATE observed SET place = place * ${resMin}, clocked = true`);
  return {
    ...{shape: "labels", resMin, meters},
    slots: await slotsOf(connection, "place"),
    lengths: await lengthsOf(connection),
    ends: {first: 0, last: 1440 - resMin},
    pairedDays: new Set(),
    isInclusive: false,
    suffixes: [],
    findings: [certain("resolution", `${resMin} minutes`, `${cells} values a day`)]
  };
}

async function labelled(connection: Connection, meters: number): Promise<Series> {
  const suffixes = await connection.rows<{suffix: string; rows: number; first: string; last: string}>(
    `SELECT suffix, CAST(count(*) AS INTEGER) AS rows, CAST(min(day) AS VARCHAR) AS first, CAST(max(day) AS VARCHAR) AS last
     FROM observed WHERE suffix <> '' GROUP BY suffix ORDER BY rows DESC, suffix`
  );
  const steps = await connection.rows<{step: number; share: number}>(
    `SELECT CAST(step AS INTEGER) AS step, CAST(count(*) / sum(count(*)) OVER () AS DOUBLE) AS share FROM (
       SELECT clock - lag(clock) OVER (PARTITION BY series ORDER BY clock) AS step
       FROM (SELECT DISTINCT series, ${clockOf} AS clock FROM observed)
     ) WHERE step > 0 GROUP BY step ORDER BY count(*) DESC, step`
  );
  const {step: resMin = 60, share = 0} = steps[0] ?? {};
  const regularity = `${(share * 100).toFixed(1)} % of the steps from label to label`;
  const [ends] = await connection.rows<{first: number; last: number; length: number | null}>(
    `SELECT CAST(mode(first) AS INTEGER) AS first, CAST(mode(last) AS INTEGER) AS last, CAST(mode(length) AS INTEGER) AS length FROM (
       SELECT arg_min(place, (day, place)) AS first, arg_max(place, (day, place)) AS last, mode(until_min - ${clockOf}) AS length
       FROM observed GROUP BY series
     )`
  );
  const isKnown = share > 0.5 && [15, 30, 60].includes(resMin);
  return {
    ...{shape: "labels", resMin, meters},
    slots: await slotsOf(connection, "place"),
    lengths: await lengthsOf(connection),
    ends: {first: ends!.first, last: ends!.last},
    pairedDays: await pairedDaysOf(connection),
    isInclusive: ends!.length === resMin - 1,
    suffixes,
    findings: [
      isKnown
        ? certain("resolution", `${resMin} minutes`, regularity)
        : unknown(
            "resolution",
            `${resMin} minutes are ${regularity}`,
            share > 0.5
              ? "intervals of 15, 30 or 60 minutes, as others are not read"
              : "the sender: the rows may be events, no intervals"
          )
    ]
  };
}

/** A label as minutes since 1970 by its own clock. */
export const clockOf = "(date_diff('day', DATE '1970-01-01', day) * 1440 + place)";

/** Of a label that comes twice, whether the second stands right behind the first, and there are several such labels. */
async function pairedDaysOf(connection: Connection): Promise<Set<string>> {
  const days = await connection.rows<{day: string}>(
    `SELECT CAST(day AS VARCHAR) AS day FROM (
       SELECT series, day, place, max("row") - min("row") AS apart, count(*) AS rows,
         count(*) OVER (PARTITION BY series) AS all_of
       FROM (SELECT series, day, place, row_number() OVER (PARTITION BY series ORDER BY "row") AS "row" FROM observed)
       GROUP BY series, day, place HAVING count(*) = 2
     )
     GROUP BY day HAVING count(DISTINCT place) > 1 AND max(apart) = 1`
  );
  return new Set(days.map(({day}) => day));
}

async function lengthsOf(connection: Connection): Promise<Map<string, number>> {
  const rows = await connection.rows<{day: string; length: number}>(
    `SELECT CAST(day AS VARCHAR) AS day, CAST(mode(length) AS INTEGER) AS length
     FROM (SELECT day, series, count(*) AS length FROM observed GROUP BY ALL) GROUP BY day ORDER BY day`
  );
  return new Map(rows.map(({day, length}) => [day, length]));
}

async function slotsOf(connection: Connection, minute: string): Promise<Map<string, Map<number, Slot>>> {
  const rows = await connection.rows<Slot & {day: string; minute: number}>(
    `SELECT CAST(day AS VARCHAR) AS day, ${minute} AS minute, CAST(count(DISTINCT series) AS INTEGER) AS meters, CAST(count(*) AS INTEGER) AS rows,
       CAST(count(*) FILTER (value IS NULL OR value = 0) AS INTEGER) AS empty, CAST(coalesce(sum(value), 0) AS DOUBLE) AS total
     FROM observed GROUP BY ALL ORDER BY ALL`
  );
  const slots = new Map<string, Map<number, Slot>>();
  for (const {day: date, minute: at, ...slot} of rows) {
    const of = slots.get(date) ?? new Map<number, Slot>();
    slots.set(date, of.set(at, slot));
  }
  return slots;
}

/** The same values by the starts of their intervals, where labels are an interval later. */
export function shiftedBack(series: Series): Series {
  const {slots, resMin} = series;
  const moved = new Map<string, Map<number, Slot>>();
  for (const [day, of] of slots)
    for (const [minute, slot] of of) {
      const at = minute - resMin;
      const date = at < 0 ? dayBefore(day) : day;
      const there = moved.get(date) ?? new Map<number, Slot>();
      moved.set(date, there.set((at + 1440) % 1440, slot));
    }
  return {...series, slots: moved};
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
