import {type Connection, identifier} from "../engines/duckdb.js";
import {labelPattern, type Roles} from "./columns.js";
import {certain, type Finding, likely, unknown} from "./finding.js";

/** What the file has at one label of one day, over all meters. */
export interface Slot {
  /** Meters that have it. */
  readonly meters: number;
  /** Rows that have it: more than meters where a label comes twice. */
  readonly rows: number;
  /** Rows without a value, or with zero. */
  readonly empty: number;
  readonly total: number;
}

/** The values of a file, by the clock of their labels. */
export interface Series {
  /** `array`: a day a row. `labels`: a label a row. `numbers`: a day and the number of an interval. */
  readonly shape: "array" | "labels" | "numbers";
  readonly resMin: number;
  /** Whether labels name the ends of their intervals; they are moved to the starts in `slots`. */
  readonly isEnd: boolean;
  readonly meters: number;
  /** By day (`2022-03-27`), then by the minute of the day that the label shows. */
  readonly slots: ReadonlyMap<string, ReadonlyMap<number, Slot>>;
  /** By day, how many values a meter has, most often. */
  readonly lengths: ReadonlyMap<string, number>;
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
  const meter = roles.meter === undefined ? "''" : `CAST(${identifier(roles.meter)} AS VARCHAR)`;
  const time = `trim(CAST(${identifier(roles.time)} AS VARCHAR))`;
  const written = roles.timeFormat
    ? `strftime(try_strptime(${time}, '${roles.timeFormat}'), '%Y-%m-%d %H:%M:%S')`
    : time;
  const value = identifier(roles.value);
  if (roles.isArray) {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE observed AS
       SELECT meter, day, (place - 1) AS place, value, '' AS suffix, false AS clocked
       FROM (
         SELECT ${meter} AS meter, CAST(left(${written}, 10) AS DATE) AS day, unnest(CAST(${value} AS DOUBLE[])) AS value,
           generate_subscripts(${value}, 1) AS place
         FROM raw
       )`
    );
  } else {
    const number = roles.decimalMark === "," ? `replace(${value}, ',', '.')` : value;
    const part = (group: number) => `regexp_extract(label, '${labelPattern}', ${group})`;
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE observed AS
       SELECT meter, CAST(${part(1)} AS DATE) AS day,
         CAST(${part(2)} AS INTEGER) * 60 + coalesce(try_cast(${part(4)} AS INTEGER), 0) AS place,
         try_cast(nullif(trim(CAST(number AS VARCHAR)), '') AS DOUBLE) AS value, ${part(8)} AS suffix, ${part(3)} <> '' AS clocked
       FROM (SELECT ${meter} AS meter, ${written} AS label, ${number} AS number FROM raw)
       WHERE regexp_matches(label, '${labelPattern}') AND try_cast(${part(1)} AS DATE) IS NOT NULL`
    );
  }
  const [all] = await connection.rows<{
    rows: bigint;
    meters: bigint;
    clocked: bigint;
    most: number | null;
    least: number | null;
  }>(
    "SELECT count(*) AS rows, count(DISTINCT meter) AS meters, count(*) FILTER (clocked) AS clocked, max(place) AS most, min(place) AS least FROM observed"
  );
  if (Number(all!.rows) === 0) return undefined;
  const hours = Number(all!.most) / 60;
  // An hour of 1 to 23, 24 or 25 without minutes is no time but a number.
  const isNumbered = !roles.isArray && Number(all!.clocked) === 0 && Number(all!.least) >= 60 && hours >= 23;
  const shape = roles.isArray ? "array" : isNumbered ? "numbers" : "labels";
  return shape === "labels"
    ? labelled(connection, Number(all!.meters))
    : counted(connection, shape, Number(all!.meters));
}

/** Arrays and numbered intervals: how long a day is tells the resolution. */
async function counted(connection: Connection, shape: "array" | "numbers", meters: number): Promise<Series> {
  const per = shape === "numbers" ? "place / 60 - 1" : "place";
  const lengths = await lengthsOf(connection);
  const counts = new Map<number, number>();
  for (const length of lengths.values()) counts.set(length, (counts.get(length) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  const nominal = ranked[0]![0];
  const fits = 1440 % nominal === 0;
  const resMin = fits ? 1440 / nominal : 60;
  const told = ranked.slice(0, 4).map(([length, days]) => `${length} values on ${days} day${days === 1 ? "" : "s"}`);
  return {
    shape,
    resMin,
    isEnd: false,
    meters,
    slots: await slotsOf(connection, `CAST(${per} AS INTEGER) * ${resMin}`, "day"),
    lengths,
    suffixes: [],
    findings: [
      fits
        ? certain("resolution", `${resMin} minutes`, told.join(", "))
        : unknown("resolution", told.join(", "), "days of 24, 48 or 96 values")
    ]
  };
}

async function labelled(connection: Connection, meters: number): Promise<Series> {
  const suffixes = await connection.rows<{suffix: string; rows: number; first: string; last: string}>(
    `SELECT suffix, CAST(count(*) AS INTEGER) AS rows, CAST(min(day) AS VARCHAR) AS first, CAST(max(day) AS VARCHAR) AS last
     FROM observed WHERE suffix <> '' GROUP BY suffix ORDER BY rows DESC, suffix`
  );
  const steps = await connection.rows<{step: number; share: number}>(
    `SELECT CAST(step AS INTEGER) AS step, CAST(count(*) / sum(count(*)) OVER () AS DOUBLE) AS share FROM (
       SELECT date_diff('day', DATE '1970-01-01', day) * 1440 + place AS clock,
         lead(clock) OVER (PARTITION BY meter ORDER BY clock) - clock AS step
       FROM (SELECT DISTINCT meter, day, place FROM observed)
     ) WHERE step > 0 GROUP BY step ORDER BY count(*) DESC`
  );
  const resMin = steps[0]?.step ?? 60;
  const share = steps[0]?.share ?? 0;
  const isRegular = share > 0.5;
  const regularity = `${(share * 100).toFixed(1)} % of the steps from label to label`;
  const [ends] = await connection.rows<{first: number; last: number}>(
    "SELECT CAST(arg_min(place, (day, place)) AS INTEGER) AS first, CAST(arg_max(place, (day, place)) AS INTEGER) AS last FROM observed"
  );
  const isEnd = ends!.first === resMin && ends!.last % 1440 === 0;
  const at = isEnd ? `place - ${resMin}` : "place";
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const span = `the first label shows ${clock(ends!.first)}, the last ${clock(ends!.last)}`;
  return {
    shape: "labels",
    resMin,
    isEnd,
    meters,
    slots: await slotsOf(
      connection,
      `CAST(((${at}) + 1440) % 1440 AS INTEGER)`,
      `day + CAST(floor((${at}) / 1440) AS INTEGER)`
    ),
    lengths: await lengthsOf(connection),
    suffixes,
    findings: [
      isRegular
        ? certain("resolution", `${resMin} minutes`, regularity)
        : unknown(
            "resolution",
            `${resMin} minutes are ${regularity}`,
            "the sender: the rows may be events, no intervals"
          ),
      isEnd
        ? likely("label names", "the end of its interval", span, "the sender's word")
        : likely("label names", "the start of its interval", span, "the sender's word")
    ]
  };
}

async function lengthsOf(connection: Connection): Promise<Map<string, number>> {
  const rows = await connection.rows<{day: string; length: number}>(
    `SELECT CAST(day AS VARCHAR) AS day, CAST(mode(length) AS INTEGER) AS length
     FROM (SELECT day, meter, count(*) AS length FROM observed GROUP BY ALL) GROUP BY day ORDER BY day`
  );
  return new Map(rows.map(({day, length}) => [day, length]));
}

async function slotsOf(connection: Connection, minute: string, day: string): Promise<Map<string, Map<number, Slot>>> {
  const rows = await connection.rows<Slot & {day: string; minute: number}>(
    `SELECT CAST(${day} AS VARCHAR) AS day, ${minute} AS minute, CAST(count(DISTINCT meter) AS INTEGER) AS meters, CAST(count(*) AS INTEGER) AS rows,
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
