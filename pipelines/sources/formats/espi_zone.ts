import {DateTime} from "luxon";
import {entriesOf} from "./espi_feed.js";
import type {FileReading} from "./file_reading.js";

/**
 * Zones whose clocks differ, of those that have Green Button and others of their kind. Of zones whose clocks agree the best known
 * stands for all.
 */
const zones = [
  ...["America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"],
  ...["America/Anchorage", "Pacific/Honolulu", "America/Halifax", "America/Puerto_Rico", "America/St_Johns"],
  ...[
    "America/Regina",
    "America/Panama",
    "Europe/London",
    "Europe/Paris",
    "Europe/Helsinki",
    "Asia/Kolkata",
    "Asia/Tokyo"
  ],
  ...[
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Australia/Perth",
    "Pacific/Auckland"
  ],
  "Etc/UTC"
];

/** When a clock changes, as ESPI codes it. */
interface Rule {
  readonly month: number;
  /** 1 is Monday; 0 where the day of the month says it all. */
  readonly weekday: number;
  readonly day: number;
  /** How weekday and day go together: 0 the day; 1 the weekday on or after it; 2 to 6 the first to fifth weekday; 7 the last. */
  readonly operator: number;
  /** Local time, in seconds. */
  readonly time: number;
}

/**
 * The zone of a Green Button file, by the offset and the rules of its LocalTimeParameters; undefined where it has none, they differ, or
 * no zone has such a clock.
 */
export async function zoneOfGreenButton(reading: FileReading): Promise<string | undefined> {
  const entries = await entriesOf(reading).catch(() => []);
  const found = entries.filter(({kind}) => kind === "LocalTimeParameters").map(({texts}) => texts);
  const clocks = new Set(found.map((texts) => JSON.stringify(clockOf(texts))));
  if (clocks.size !== 1 || found[0]!.tzOffset === undefined) return undefined;
  const {offset, shift, start, end} = clockOf(found[0]!);
  const starts = entries.flatMap(({blocks}) => blocks.flatMap(({readings, start}) => [readings[0]?.start ?? start]));
  const instants = starts.map(Number).filter((seconds) => seconds > 0);
  const ends = instants.reduce<readonly [number, number] | undefined>(
    (found, at) => (found ? [Math.min(found[0], at), Math.max(found[1], at)] : [at, at]),
    undefined
  );
  const [first, last] = [ends && yearOf(ends[0]), ends && yearOf(ends[1])];
  // Readings of more years than anybody metered are no readings.
  if (first === undefined || last === undefined || last - first > 100) return undefined;
  return zones.find((zone) => {
    for (let year = first; year <= last; year++) {
      if (standardOffset(year, zone) !== offset) return false;
      const changes = changesOf(year, zone);
      if (shift === 0 || !start || !end) {
        if (changes.length > 0) return false;
      } else {
        const [on, off] = [instantOf(start, year, offset), instantOf(end, year, offset + shift)];
        if (changes.join() !== [on, off].sort((one, other) => one - other).join()) return false;
      }
    }
    return true;
  });
}

function clockOf({
  tzOffset = "",
  dstOffset = "0",
  dstStartRule = "",
  dstEndRule = ""
}: Readonly<Record<string, string>>) {
  return {
    ...{offset: Number(tzOffset) / 60, shift: Number(dstOffset) / 60},
    ...{start: ruleOf(dstStartRule), end: ruleOf(dstEndRule)}
  };
}

/** Bits from the left: 4 month, 3 operator, 5 day, 3 weekday, 5 hour, 12 seconds. */
function ruleOf(hex: string): Rule | undefined {
  if (!/^[0-9A-F]{8}$/i.test(hex)) return undefined;
  const bits = Number.parseInt(hex, 16);
  const rule = {
    ...{month: bits >>> 28, operator: (bits >>> 25) & 7, day: (bits >>> 20) & 31, weekday: (bits >>> 17) & 7},
    time: ((bits >>> 12) & 31) * 3600 + (bits & 0xfff)
  };
  return rule.month >= 1 && rule.month <= 12 ? rule : undefined;
}

/** When a rule takes effect in a year, as an instant in minutes. */
function instantOf({month, weekday, day, operator, time}: Rule, year: number, offset: number): number {
  const first = DateTime.utc(year, month, operator === 1 ? Math.max(1, day) : 1);
  const ahead = (weekday - first.weekday + 7) % 7;
  const weeks = operator >= 2 && operator <= 6 ? operator - 2 : 0;
  const lastDay = first.endOf("month").startOf("day");
  const date =
    operator === 0
      ? DateTime.utc(year, month, Math.max(1, day))
      : operator === 7
        ? lastDay.minus({days: (lastDay.weekday - weekday + 7) % 7})
        : first.plus({days: ahead + 7 * weeks});
  return (date.toSeconds() + time) / 60 - offset;
}

/** The instants of a year at which a zone's clock changes, in minutes, in order. */
function changesOf(year: number, zone: string): number[] {
  const offsetAt = (minute: number) => DateTime.fromSeconds(minute * 60, {zone}).offset;
  const changes: number[] = [];
  const begin = DateTime.utc(year).toSeconds() / 60;
  for (let day = 0; day < 366; day++) {
    let [from, to] = [begin + day * 1440, begin + (day + 1) * 1440];
    if (offsetAt(from) === offsetAt(to)) continue;
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if (offsetAt(middle) === offsetAt(from)) from = middle;
      else to = middle;
    }
    changes.push(to);
  }
  return changes;
}

function standardOffset(year: number, zone: string): number {
  return Math.min(
    DateTime.fromObject({year, month: 1}, {zone}).offset,
    DateTime.fromObject({year, month: 7}, {zone}).offset
  );
}

function yearOf(seconds: number): number | undefined {
  const {year, isValid} = DateTime.fromSeconds(Number.isFinite(seconds) ? seconds : Number.NaN, {zone: "UTC"});
  return isValid ? year : undefined;
}
