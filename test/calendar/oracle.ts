import {IANAZone} from "luxon";
import type {PolicyName} from "../../pipelines/calendar/policy.js";

/**
 * The calendar and the policies a second time, in plain loops over luxon's offsets, to hold the SQL against. A
 * day is the list of its quarters of an hour: the instant of each, and the minute of the day that the clock shows.
 */
export interface Quarter {
  readonly utc: number;
  readonly label: number;
}

/** Real time in one piece, and the label that it bears: minutes since the day began, by the clock. */
export interface Piece {
  readonly start: number;
  readonly minutes: number;
  readonly label: number;
}

/** What a reading of the SQL is compared by; energy in micro-kWh. */
export interface Placed {
  readonly start: number;
  readonly minutes: number;
  readonly micro: bigint;
  readonly quality: "measured" | "split";
}

const quarter = 15 * 60_000;

const known = new Map<string, Quarter[]>();

/** The quarters of a local day (`2022-03-27`), as luxon's offsets have them. */
export function quartersOf(zone: string, date: string, dayStartMin = 0): Quarter[] {
  const key = `${zone} ${date} ${dayStartMin}`;
  const quarters = known.get(key) ?? readQuarters(zone, date, dayStartMin);
  known.set(key, quarters);
  return quarters;
}

const offsets = new Map<string, Map<number, number>>();

/** Luxon's offset of a zone at an instant, in minutes: neighbouring days ask for the same quarters. */
function offsetAt(zone: string, utc: number): number {
  const known = offsets.get(zone) ?? new Map<number, number>();
  const offset = known.get(utc) ?? IANAZone.create(zone).offset(utc);
  offsets.set(zone, known.set(utc, offset));
  return offset;
}

function readQuarters(zone: string, date: string, dayStartMin: number): Quarter[] {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const quarters: Quarter[] = [];
  for (let utc = midnight - 20 * 3_600_000; utc < midnight + 50 * 3_600_000; utc += quarter) {
    const clock = utc + (offsetAt(zone, utc) - dayStartMin) * 60_000 - midnight;
    if (clock >= 0 && clock < 86_400_000) quarters.push({utc, label: clock / 60_000});
  }
  return quarters;
}

/** Slots of real time since the day began; the last may be shorter. */
export function elapsedSlots(day: readonly Quarter[], resMin: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < day.length; at += resMin / 15) {
    const length = Math.min(resMin / 15, day.length - at);
    pieces.push({start: day[at]!.utc, minutes: length * 15, label: day[at]!.label});
  }
  return pieces;
}

/** Runs of real time that bear one label of the clock; whole multiples of the resolution are cut. */
export function wallPieces(day: readonly Quarter[], resMin: number): Piece[] {
  const runs: {label: number; quarters: Quarter[]}[] = [];
  for (const one of day) {
    const label = Math.floor(one.label / resMin) * resMin;
    const last = runs.at(-1);
    if (last?.label === label) last.quarters.push(one);
    else runs.push({label, quarters: [one]});
  }
  return runs.flatMap(({label, quarters}) => {
    const minutes = quarters.length * 15;
    const size = minutes % resMin === 0 ? resMin : minutes;
    const pieces: Piece[] = [];
    for (let at = 0; at < minutes; at += size) pieces.push({start: quarters[at / 15]!.utc, minutes: size, label});
    return pieces;
  });
}

/** The labels that an ordinary day has at a resolution. */
export function nominalLabels(resMin: number): number[] {
  return Array.from({length: 1440 / resMin}, (_, index) => index * resMin);
}

/** How many values an array of that day must have. */
export function expectedLength(policy: PolicyName, day: readonly Quarter[], resMin: number): number {
  if (policy === "variable_length") return elapsedSlots(day, resMin).length;
  if (policy === "fixed_slots_skip_sum_double") return new Set(wallPieces(day, resMin).map(({label}) => label)).size;
  return 1440 / resMin;
}

/** Lays an array of whole micro-kWh on its day. */
export function place(policy: PolicyName, day: readonly Quarter[], resMin: number, values: readonly (bigint | null)[]) {
  const placed: Placed[] = [];
  if (policy === "variable_length") {
    elapsedSlots(day, resMin).forEach(({start, minutes}, index) => {
      const micro = values[index];
      if (micro != null) placed.push({start, minutes, micro, quality: "measured"});
    });
    return placed;
  }
  const pieces = wallPieces(day, resMin);
  const existing = nominalLabels(resMin).filter((label) => pieces.some((piece) => piece.label === label));
  const labels = policy === "fixed_slots_skip_sum_double" ? existing : nominalLabels(resMin);
  labels.forEach((label, index) => {
    const micro = values[index];
    const bearing = pieces.filter((piece) => piece.label === label);
    if (micro == null || bearing.length === 0) return;
    const parts = policy === "fixed_slots_repeat" ? bearing.map(() => micro) : shares(micro, bearing);
    const quality = policy !== "fixed_slots_repeat" && bearing.length > 1 ? "split" : "measured";
    bearing.forEach(({start, minutes}, part) => {
      placed.push({start, minutes, micro: parts[part]!, quality});
    });
  });
  return placed;
}

/** Equal pieces get equal parts, and what is left over goes to the first of them, one micro-kWh each. */
export function shares(micro: bigint, pieces: readonly Piece[]): bigint[] {
  const count = BigInt(pieces.length);
  if (new Set(pieces.map(({minutes}) => minutes)).size > 1) throw new Error("no zone has unequal pieces of a label");
  return pieces.map((_, index) => micro / count + (BigInt(index) < micro % count ? 1n : 0n));
}
