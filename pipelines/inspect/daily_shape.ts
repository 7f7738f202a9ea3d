import {plusDays} from "../delta/slice.js";
import {count} from "../observe/text.js";
import type {Change} from "./clocks.js";
import type {Series} from "./series.js";

/** How the daily shape moved against the labels when a clock changed. */
export interface Shift {
  readonly change: Change;
  /** In minutes, later is positive; undefined where the shape doesn't tell. */
  readonly minutes: number | undefined;
  /** When the morning's rise is the steepest in winter's time, in minutes of the label's day. */
  readonly rise: number;
  readonly evidence: string;
}

/**
 * Compares the working days' mornings from a change on with those of the same days of the week before it: the rise of the load between
 * 04:00 and 12:00, moved by the length of the change either way or not at all, by least squares. People get up by the
 * clock on the wall: labels that follow it show no move.
 */
export function shiftAt(series: Series, change: Change): Shift | undefined {
  const compared = profilesAround(series, change.day);
  if (!compared) return undefined;
  const {before, after, days} = compared;
  const {resMin} = series;
  const steps = change.length / resMin;
  if (!Number.isInteger(steps)) return undefined;
  const [from, to] = [240 / resMin, 720 / resMin];
  const slope = (day: readonly number[], at: number) => (day[at] ?? Number.NaN) - (day[at - 1] ?? Number.NaN);
  const errors = [-steps, 0, steps].map((moved) => {
    let error = 0;
    for (let at = from; at < to; at++) error += (slope(after, at) - slope(before, at - moved)) ** 2;
    return {moved, error};
  });
  const winter = change.kind === "forward" ? before : after;
  let energy = 0;
  let rise = from;
  for (let at = from; at < to; at++) {
    energy += slope(before, at) ** 2;
    if (slope(winter, at) > slope(winter, rise)) rise = at;
  }
  const [best, second] = errors.sort((a, b) => a.error - b.error) as [(typeof errors)[0], (typeof errors)[0]];
  const found = {change, rise: rise * resMin};
  if (!(energy > 1e-6))
    return {...found, minutes: undefined, evidence: "every hour is alike, so the daily shape can't be seen to move"};
  const minutes = best.moved * resMin;
  const how =
    minutes === 0
      ? "doesn't move against the labels"
      : `comes ${Math.abs(minutes)} minutes ${minutes < 0 ? "earlier" : "later"} by the labels`;
  const nearer = second.error / Math.max(best.error, 1e-12);
  const strength = `${count(days, "day")} compared, ${nearer > 100 ? "over 100" : nearer.toFixed(1)} times nearer than the next best`;
  if (!(best.error < 0.6 * second.error))
    return {
      ...found,
      minutes: undefined,
      evidence: `${change.day}: the morning's rise fits several ways (${strength})`
    };
  return {...found, minutes, evidence: `from ${change.day} on the morning's rise ${how} (${strength})`};
}

/** The mean working day of two weeks from a day on, and that of the same days of the week in the four weeks before, each interval by the mean of all. */
function profilesAround(
  {slots, resMin}: Series,
  change: string
): {before: number[]; after: number[]; days: number} | undefined {
  const length = 1440 / resMin;
  const whole = (day: string) => {
    const of = slots.get(day);
    const totals = Array.from({length}, (_, index) => of?.get(index * resMin)?.total ?? 0);
    return of?.size === length ? totals : undefined;
  };
  const [before, after] = [Array.from({length}, () => 0), Array.from({length}, () => 0)];
  let days = 0;
  for (let away = 0; away < 14; away++) {
    const day = plusDays(change, away);
    if ([0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())) continue;
    const later = whole(day);
    const earlier = [1, 2, 3, 4, 5].flatMap((weeks) => {
      const same = plusDays(day, -7 * weeks);
      const totals = same < change ? whole(same) : undefined;
      return totals ? [totals] : [];
    });
    if (!later || earlier.length === 0) continue;
    days++;
    for (let index = 0; index < length; index++) {
      after[index]! += later[index]!;
      for (const totals of earlier) before[index]! += totals[index]! / earlier.length;
    }
  }
  const [one, other] = [share(before), share(after)];
  return days === 0 || !one || !other ? undefined : {before: one, after: other, days};
}

function share(sums: readonly number[]): number[] | undefined {
  const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length;
  return mean > 0 ? sums.map((sum) => sum / mean) : undefined;
}
