import {plusDays} from "../delta/slice.js";
import type {Change} from "./clocks.js";
import type {Series, Slot} from "./series.js";

/** What a file has where a clock skips or repeats an hour. */
export interface Mark {
  readonly change: Change;
  /**
   * Of a skipped hour: `absent` (no label, or a shorter array), `empty` (NULL or 0), `filled`. Of a repeated one:
   * `twice` (two labels, or a longer array), `double` (once, as much as two), `single`. `unclear`: none of these.
   */
  readonly state: "absent" | "empty" | "filled" | "twice" | "double" | "single" | "unclear";
  /** What part of the labels that are skipped or repeated shows it, up to 1. */
  readonly fit: number;
  /** What was seen, as a sentence. */
  readonly evidence: string;
}

/** What a series has at a change; undefined when it has nothing of that day, or of those around it. */
export function markAt(series: Series, change: Change): Mark | undefined {
  const {slots, lengths, resMin, shape} = series;
  const day = slots.get(change.day);
  if (!day) return undefined;
  const daysAway = (away: readonly number[]) => away.flatMap((days) => slots.get(plusDays(change.day, days)) ?? []);
  const sameWeekday = daysAway([-14, -7, 7, 14]);
  const others = sameWeekday.length > 0 ? sameWeekday : daysAway([-3, -2, -1, 1, 2, 3]);
  if (others.length === 0) return undefined;
  const what = `${change.day} ${clock(change.minute)}`;
  const nominal = 1440 / resMin;
  const length = lengths.get(change.day) ?? 0;
  const steps = change.length / resMin;
  const mark = (state: Mark["state"], evidence: string, fit = 1): Mark => ({
    ...{change, state, fit},
    evidence: `${what}: ${evidence}`
  });
  if (!Number.isInteger(steps))
    return mark("unclear", `the clock changes by ${change.length} minutes, a part of an interval`);
  if (shape !== "labels") {
    if (change.kind === "forward" && length === nominal - steps) return mark("absent", `${length} values that day`);
    if (change.kind === "back" && length === nominal + steps) return mark("twice", `${length} values that day`);
    if (length !== nominal) return mark("unclear", `${length} values that day`);
  }
  const minutes = Array.from({length: steps}, (_, index) => change.minute + index * resMin);
  const there = minutes.flatMap((minute) => day.get(minute) ?? []);
  const usual = others.flatMap((other) => minutes.flatMap((minute) => other.get(minute) ?? []));
  const sum = (some: readonly Slot[], of: keyof Slot) => some.reduce((total, slot) => total + slot[of], 0);
  const meters = sum(usual, "meters") / others.length;
  if (change.kind === "forward") {
    if (sum(there, "meters") < meters / 2) return mark("absent", "no label", 1 - sum(there, "meters") / meters);
    const isUsuallyEmpty = sum(usual, "empty") > sum(usual, "rows") / 4;
    if (sum(there, "empty") <= sum(there, "rows") / 2) return mark("filled", "a value like on other days");
    return isUsuallyEmpty
      ? mark("unclear", "no value, as on other days")
      : mark("empty", "a label, and NULL or 0 for its value", sum(there, "empty") / sum(there, "rows"));
  }
  if (sum(there, "rows") > 1.5 * sum(there, "meters"))
    return mark("twice", "the label comes twice", sum(there, "rows") / sum(there, "meters") - 1);
  if (sum(there, "meters") < meters / 2) return mark("unclear", "no label");
  const here = shareOf(day, minutes, resMin);
  const elsewhere = others.map((other) => shareOf(other, minutes, resMin)).filter((share) => !Number.isNaN(share));
  const ratio = here / mean(elsewhere);
  const evidence = `once, with ${ratio.toFixed(2)} of what it has beside its neighbours on other days`;
  // Where the days differ much among themselves, one that differs from them tells nothing, and nor does one that has what they have, if
  // half of it is what some of them have. One day alone doesn't tell how much they differ, and two hours aren't four.
  const isDouble = elsewhere.length > 1 && ratio < 4 && here > 1.3 * Math.max(...elsewhere);
  if (ratio > 1.6) return mark(isDouble ? "double" : "unclear", evidence);
  return ratio < 1.4 && ratio > 0.6 && here < 1.5 * Math.min(...elsewhere)
    ? mark("single", evidence)
    : mark("unclear", Number.isNaN(ratio) ? "once, and nothing to compare with" : evidence);
}

/** How much the labels have, by the mean of as many before them and after them, where those have values. */
function shareOf(day: ReadonlyMap<number, Slot>, minutes: readonly number[], resMin: number): number {
  const slots = (shift: number) => minutes.flatMap((minute) => day.get(minute + shift * minutes.length * resMin) ?? []);
  const total = (some: readonly Slot[]) => some.reduce((sum, slot) => sum + slot.total, 0);
  const beside = [slots(-1), slots(1)].filter(
    (some) => some.length === minutes.length && some.every(({empty, rows}) => empty < rows)
  );
  return total(slots(0)) / mean(beside.map(total));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** `03:00`. */
export function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(Math.round(minutes % 60)).padStart(2, "0")}`;
}
