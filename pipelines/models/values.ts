import {distinct, plusDays, type Values} from "../delta/slice.js";

/** Whether a text is a date that there is, as `2022-03-27`. */
export function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Those of the values that fall in a range of dates, open where an end is left out: a month falls in if a day of it does. */
export function within(values: Values, from: string | undefined, to: string | undefined): Values {
  return values.filter(
    (value) =>
      (from === undefined || value >= from.slice(0, value.length)) &&
      (to === undefined || value <= to.slice(0, value.length))
  );
}

interface Span {
  readonly days?: number;
  readonly months?: number;
}

/** How far from its own date a model looks: back, or either way. */
export interface Reach {
  readonly lookback?: Span;
  readonly around?: Span;
}

/** The values with those that a model's inputs may have for them (`-1`), or its own rows for those of its inputs (`1`). */
export function widened(values: Values, {lookback, around}: Reach, direction: -1 | 1): Values {
  if (!lookback && !around) return values;
  const all = new Set(values);
  for (const [span, way] of [
    [lookback, direction],
    [around, -1],
    [around, 1]
  ] as const) {
    const {days = 0, months = 0} = span ?? {};
    for (const value of values) {
      for (let day = 1; day <= days; day++) all.add(plusDays(value, way * day));
      for (let month = 1; month <= months; month++) all.add(plusMonths(value, way * month));
    }
  }
  return distinct(all);
}

function plusMonths(month: string, count: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.toISOString().slice(0, 7);
}
