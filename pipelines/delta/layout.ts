import {orderOf} from "./order.js";
import {bounds, firstFrom} from "./scan.js";
import type {Values} from "./slice.js";
import type {DataFile, Snapshot} from "./snapshot.js";

/**
 * How many rows a file should have, about: enough that a small lake has few files, few enough that the work on one fits
 * in memory and that a corrected day costs little to rewrite.
 */
export const defaultFileRows = 2_000_000;

/** The part of a value of an increment column that a file holds whole: the month of a day or month, else the value. */
export function monthOf(value: string): string {
  return /^\d{4}-\d\d(-\d\d)?$/.test(value) ? value.slice(0, 7) : value;
}

/**
 * How much work the rows of a file are: one each, or one for each value of their arrays. Files of other programs may say
 * no count: they are taken for files of the usual size.
 */
export function weightOf({numRecords = defaultFileRows, tags}: Pick<DataFile, "numRecords" | "tags">): number {
  return Math.max(numRecords, Number(tags?.values) || 0);
}

/**
 * By value, about how many rows (or values of arrays) a table has of it: the rows of each file are spread evenly over
 * those of the values that lie in its bounds, and over all of them where the statistics have no bounds.
 */
export function weightByValue(
  snapshot: Pick<Snapshot, "columns" | "partitionColumns" | "files">,
  column: string,
  values: Values
): ReadonlyMap<string, number> {
  const type = snapshot.columns.find(({name}) => name === column)?.type ?? "";
  const order = orderOf(type);
  const sorted = order ? [...values].sort(order) : [...values];
  // Each file adds its share where its bounds begin, and takes it away behind where they end.
  const steps = new Array<number>(sorted.length + 1).fill(0);
  for (const file of snapshot.files) {
    const range = order && bounds(snapshot, file, column);
    const from = range ? firstFrom(sorted, range.min, order) : 0;
    let to = range ? firstFrom(sorted, range.max, order) : sorted.length;
    if (range && sorted[to] === range.max) to++;
    if (from >= to) continue;
    const share = weightOf(file) / (to - from);
    steps[from]! += share;
    steps[to]! -= share;
  }
  const weights = new Map<string, number>();
  let weight = 0;
  for (const [index, value] of sorted.entries()) {
    weight += steps[index]!;
    weights.set(value, weight);
  }
  return weights;
}

/** Something of a weight that lies in one month, or in none that is known. */
export interface Weighed {
  readonly month: string;
  readonly weight: number;
}

/**
 * Packs things into groups of about so much weight, in their order: a group holds whole months, as many as fit. A month
 * of more than twice the weight is divided into several groups of about equal weight.
 */
export function inWholeMonths<T extends Weighed>(things: readonly T[], most: number): T[][] {
  const groups: T[][] = [];
  let open: {readonly things: T[]; weight: number} | undefined;
  for (const month of byMonth(things)) {
    const weight = sum(month);
    if (open && open.weight + weight <= most) {
      open.things.push(...month);
      open.weight += weight;
    } else if (weight > 2 * most) {
      groups.push(...evenly(month, Math.min(month.length, Math.ceil(weight / most))));
      open = undefined;
    } else {
      open = {things: [...month], weight};
      groups.push(open.things);
    }
  }
  return groups;
}

/** The things of each month, in the order in which the months first come. */
function byMonth<T extends Weighed>(things: readonly T[]): T[][] {
  const months = new Map<string, T[]>();
  for (const thing of things) {
    const month = months.get(thing.month);
    if (month) month.push(thing);
    else months.set(thing.month, [thing]);
  }
  return [...months.values()];
}

function evenly<T extends Weighed>(things: readonly T[], count: number): T[][] {
  const each = sum(things) / count;
  const groups: T[][] = [];
  let before = 0;
  for (const thing of things) {
    // The group that the middle of the thing falls in.
    const index = Math.min(count - 1, Math.floor((before + thing.weight / 2) / each));
    groups[index] = [...(groups[index] ?? []), thing];
    before += thing.weight;
  }
  return groups.filter(Boolean);
}

function sum(things: readonly Weighed[]): number {
  return things.reduce((total, {weight}) => total + weight, 0);
}
