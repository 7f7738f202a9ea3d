import {bounds} from "../delta/scan.js";
import type {Snapshot} from "../delta/snapshot.js";
import type {Model} from "./model.js";

/** A table at a glance, from its log alone. */
export interface TableState {
  readonly table: string;
  readonly version: number;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  /** The newest value of the increment column, such as the last local date. */
  readonly newest: string | null;
  /** When the time of the newest value is over: a day or a month ends at midnight, UTC for every zone. */
  readonly newestEnd: Date | null;
  /** How old the newest value may become, in hours after its end. */
  readonly freshHours: number | null;
}

/** Sums up what a snapshot tells of a table; a table of the program's own has no model. */
export function stateOf(table: string, snapshot: Snapshot, model: Model | undefined): TableState {
  const newest = model?.increment === undefined ? null : newestOf(snapshot, model.increment);
  return {
    table,
    version: snapshot.version,
    rows: snapshot.files.reduce((sum, file) => sum + (file.numRecords ?? 0), 0),
    files: snapshot.files.length,
    bytes: snapshot.files.reduce((sum, file) => sum + file.size, 0),
    newest,
    newestEnd: newest === null ? null : endOf(newest),
    freshHours: model?.freshHours ?? null
  };
}

/** How many hours ago the time of a table's newest value was over; 0 while it lasts, null where that can't be told. */
export function ageHours({newestEnd}: TableState, now: Date): number | null {
  return newestEnd && Math.max(0, (now.getTime() - newestEnd.getTime()) / 3_600_000);
}

/** Whether a table is older than its model promises; null where nothing is promised. An empty table is late. */
export function isLate(state: TableState, now: Date): boolean | null {
  if (state.freshHours === null) return null;
  return (ageHours(state, now) ?? Infinity) > state.freshHours;
}

function newestOf(snapshot: Snapshot, increment: string): string | null {
  let newest = "";
  for (const file of snapshot.files) {
    const {max} = bounds(snapshot, file, increment) ?? {};
    if (max && max > newest) newest = max;
  }
  return newest || null;
}

/** When `2022`, `2022-12` or `2022-12-31` is over: as the next one begins. */
function endOf(value: string): Date | null {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(value) ?? [];
  if (year === undefined) return null;
  if (month === undefined) return new Date(Date.UTC(Number(year) + 1, 0));
  if (day === undefined) return new Date(Date.UTC(Number(year), Number(month)));
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + 1));
}
