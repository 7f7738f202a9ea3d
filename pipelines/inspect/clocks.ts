import {IANAZone} from "luxon";

/** A change of a zone's clock, by the labels that it skips or repeats. */
export interface Change {
  readonly kind: "forward" | "back";
  /** The local day. */
  readonly day: string;
  /** The first minute of that day that is skipped, or comes twice. */
  readonly minute: number;
  /** How many minutes are. */
  readonly length: number;
}

/** Zones whose clocks changed alike in some span of days. */
export interface Clock {
  readonly zones: readonly string[];
  readonly changes: readonly Change[];
}

const dayMilliseconds = 86_400_000;
const step = 7 * dayMilliseconds;

const known = new Map<string, Clock[]>();

/** All zones by their changes between two days, inclusive; those without a change are left out. */
export function clocksBetween(from: string, to: string, zones: readonly string[] = allZones()): Clock[] {
  const key = JSON.stringify([from, to, zones]);
  const clocks = known.get(key) ?? readClocks(from, to, zones);
  known.set(key, clocks);
  return clocks;
}

function readClocks(from: string, to: string, zones: readonly string[]): Clock[] {
  const first = Date.parse(`${from}T00:00:00Z`) - dayMilliseconds;
  const last = Date.parse(`${to}T00:00:00Z`) + 2 * dayMilliseconds;
  const alike = new Map<string, {zones: string[]; changes: Change[]}>();
  for (const name of zones) {
    const zone = IANAZone.create(name);
    const changes: Change[] = [];
    for (let at = first; at < last; at += step) {
      const end = Math.min(at + step, last);
      if (zone.offset(at) !== zone.offset(end)) changes.push(changeIn(zone, at, end));
    }
    const inside = changes.filter(({day}) => day >= from && day <= to);
    if (inside.length === 0) continue;
    const key = JSON.stringify(inside);
    const others = alike.get(key);
    if (others) others.zones.push(name);
    else alike.set(key, {zones: [name], changes: inside});
  }
  return [...alike.values()];
}

function changeIn(zone: IANAZone, from: number, to: number): Change {
  let [low, high] = [from, to];
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000;
    if (zone.offset(middle) === zone.offset(low)) low = middle;
    else high = middle;
  }
  const [before, after] = [zone.offset(low), zone.offset(high)];
  const local = new Date(high + Math.min(before, after) * 60_000);
  return {
    kind: after > before ? "forward" : "back",
    day: local.toISOString().slice(0, 10),
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
    length: Math.abs(after - before)
  };
}

/** Every zone that this machine knows. */
export function allZones(): string[] {
  return (Intl as unknown as {supportedValuesOf(key: "timeZone"): string[]}).supportedValuesOf("timeZone");
}
