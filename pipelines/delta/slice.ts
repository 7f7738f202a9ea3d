import {identifier, literal} from "../engines/duckdb.js";

/** Values of a column as text, the way DuckDB casts them: `2022-03-27`, `2022-03`, `2022`. Sorted, none twice. */
export type Values = readonly string[];

/** Rows to look at, or to replace: those whose column of that name holds one of the values. */
export interface Slice {
  readonly column: string;
  readonly values: Values;
}

/** Sorts values and leaves out what is there twice. */
export function distinct(values: Iterable<string>): Values {
  return [...new Set(values)].sort();
}

/** SQL that is true where the column holds one of the values. Runs of days become ranges, which scans can skip by. */
export function holdsOneOf({column, values}: Slice, type: string): string {
  const name = identifier(column);
  const value = (text: string) => `CAST(${literal(text)} AS ${type})`;
  if (values.length === 0) return "false";
  if (type !== "DATE") return `${name} IN (${values.map(value).join(", ")})`;
  return `(${runsOfDays(values)
    .map(([first, last]) => `${name} BETWEEN ${value(first)} AND ${value(last)}`)
    .join(" OR ")})`;
}

/** Every day from one to another, both inclusive. */
export function daysBetween(from: string, to: string): Values {
  const days: string[] = [];
  for (let day = from; day <= to; day = plusDays(day, 1)) days.push(day);
  return days;
}

/** How many days there are from one to another, both inclusive. */
export function dayCount(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000) + 1;
}

/** The day so many days after another. */
export function plusDays(day: string, count: number): string {
  // A date here is a label without a zone: UTC only keeps Date's arithmetic from having one.
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

function runsOfDays(days: Values): [string, string][] {
  const runs: [string, string][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && plusDays(run[1], 1) === day) run[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}
