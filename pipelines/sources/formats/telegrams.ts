import {DateTime} from "luxon";
import type {FileReading} from "./file_reading.js";
import {elementBytes, overLimit} from "./limits.js";
import {isoOf, linesOf, type OwnRow, ownReader, shifted} from "./own_rows.js";
import type {Reader} from "./reader.js";

/**
 * A log of the telegrams that a smart meter of the Netherlands, Belgium or Luxembourg gives on its P1 port (DSMR, eMUCs-P1): registers of
 * electricity at the telegram's time, and of gas or heat at times of their own. Of the telegrams of a quarter of an hour the first is
 * kept, and the last of the file: registers lose no energy between two readings.
 */
export function telegrams(timeZone: string): Reader {
  return ownReader(
    [".txt", ".log", ".dsmr", ".p1", ".csv"].flatMap((end) => [end, `${end}.gz`]),
    (reading) => rowsOf(reading, timeZone)
  );
}

/** The lines of a telegram, from the one that begins with / up to the one that begins with !. */
interface Telegram {
  /** The line of the file that it begins on. */
  readonly line: number;
  readonly lines: readonly string[];
  /** What stands behind the !. */
  readonly checksum: string;
}

/** A line that belongs to no telegram, or a telegram that isn't whole. */
interface Stray {
  readonly line: number;
  readonly stray: string;
}

async function* telegramsOf(reading: FileReading): AsyncGenerator<Telegram | Stray> {
  const longest = elementBytes(reading.limits);
  let [number, begun, length, isAny] = [0, 0, 0, false];
  let lines: string[] | undefined;
  for await (const text of linesOf(reading)) {
    number++;
    if (text.startsWith("/")) {
      if (lines) yield {line: begun, stray: "telegram without its end (!)"};
      [begun, lines, length, isAny] = [number, [text], 0, true];
    } else if (text.startsWith("!") && lines) {
      yield {line: begun, lines, checksum: text.slice(1).trim()};
      lines = undefined;
    } else if (lines) {
      lines.push(text);
      length += text.length + 1;
      if (length > longest)
        throw overLimit(`the telegram that begins in line ${begun} is too long`, reading.limits, "elementMiB");
    } else if (text.trim() !== "" && isAny) yield {line: number, stray: `line in no telegram: ${text.slice(0, 100)}`};
    else if (text.trim() !== "") throw new Error("no log of telegrams: its first line doesn't begin with /");
  }
  if (lines) yield {line: begun, stray: "telegram without its end (!): the file is cut off"};
  if (!isAny) throw new Error("no log of telegrams: no line begins with /");
}

/** A register at a moment, or why a telegram's can't be read. */
interface Reading {
  readonly series: string;
  readonly at: number;
  readonly row: OwnRow;
}

/** A log is read twice, so that it needn't be held in memory: what all of its telegrams have in common is known first. */
async function* rowsOf(reading: FileReading, timeZone: string): AsyncGenerator<OwnRow> {
  const registers = new Map<string, readonly string[]>();
  let [withSum, rightSums] = [0, 0];
  for await (const found of telegramsOf(reading)) {
    if ("stray" in found) yield {file_row: String(found.line), problem: found.stray};
    else {
      if (hasSum(found)) withSum++;
      if (hasSum(found) && isSumRight(found)) rightSums++;
      noteRegisters(registers, found);
    }
  }
  // Of a log that was edited, to take names out, no sum is right, and none says anything.
  const areSumsKept = rightSums * 2 > withSum;
  const kept = new Map<string, {quarter: number; minute: number; last: Reading}>();
  for await (const telegram of telegramsOf(reading)) {
    if ("stray" in telegram) continue;
    const isDamaged = areSumsKept && hasSum(telegram) && !isSumRight(telegram);
    for (const found of isDamaged ? [damaged(telegram)] : readingsOf(telegram, timeZone, registers)) {
      if (!("series" in found)) {
        yield found;
        continue;
      }
      const {series, at, row} = found;
      const minute = Math.floor(at / 60_000);
      const quarter = Math.floor(minute / 15);
      const before = kept.get(series);
      if (before?.quarter === quarter) before.last = found;
      else {
        kept.set(series, {quarter, minute, last: found});
        yield row;
      }
    }
  }
  for (const {minute, last} of kept.values()) if (Math.floor(last.at / 60_000) > minute) yield last.row;
}

function damaged({line, checksum}: Telegram): OwnRow {
  return {
    file_row: String(line),
    problem: `checksum ${checksum} is not that of the telegram: it was damaged on its way`
  };
}

function hasSum({checksum}: Telegram): boolean {
  return /^[0-9A-F]{4}$/i.test(checksum);
}

/** CRC-16 (ARC) of everything from / to !, with the ends of lines that the meter writes. */
function isSumRight({lines, checksum}: Telegram): boolean {
  let sum = 0;
  for (const byte of Buffer.from(`${lines.join("\r\n")}\r\n!`, "latin1")) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return sum === Number.parseInt(checksum, 16);
}

/** By reference, all that stands in brackets behind it: `0-1:24.2.1(101209112500W)(12785.123*m3)`. */
function objectsOf({lines}: Telegram): Map<string, string[]> {
  const objects = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of lines.slice(1)) {
    const [, reference, rest = ""] = /^(?:(\d+-\d+:\d+\.\d+\.\d+))?(\(.*\))\s*$/.exec(line) ?? [];
    const values = [...rest.matchAll(/\(([^)]*)\)/g)].map(([, value]) => value!);
    // Meters of old write the gas on a line of its own, below its reference.
    if (reference === undefined) last?.push(...values);
    else {
      last = values;
      objects.set(reference, values);
    }
  }
  return objects;
}

/** Each direction is one register, or one a tariff. */
const directions = [
  {channel: "import", total: "1-0:1.8.0", tariffs: /^1-0:1\.8\.[1-9]$/},
  {channel: "export", total: "1-0:2.8.0", tariffs: /^1-0:2\.8\.[1-9]$/}
] as const;

/** Keeps by direction the registers of the telegram of a log that has the most. */
function noteRegisters(most: Map<string, readonly string[]>, telegram: Telegram): void {
  const references = [...objectsOf(telegram).keys()];
  for (const {channel, tariffs} of directions) {
    const here = references.filter((reference) => tariffs.test(reference));
    if (here.length > (most.get(channel)?.length ?? 0)) most.set(channel, here);
  }
}

function* readingsOf(
  telegram: Telegram,
  timeZone: string,
  registers: ReadonlyMap<string, readonly string[]>
): Generator<Reading | OwnRow> {
  const objects = objectsOf(telegram);
  const file_row = String(telegram.line);
  const fault = (problem: string, more: OwnRow = {}): OwnRow => ({...more, file_row, kind: "register", problem});
  const stamp = objects.get("0-0:1.0.0")?.[0];
  const at = stamp === undefined ? "telegram without a time (0-0:1.0.0)" : instantOf(stamp, timeZone);
  const meter = idOf(objects.get("0-0:96.1.1")?.[0]);
  for (const {channel, total, tariffs} of directions) {
    const common: OwnRow = {
      ...(meter !== undefined && {meter_id: meter}),
      ...{file_row, fuel: "electricity", channel, unit: "kWh", kind: "register", decimal_mark: "."}
    };
    const whole = objects.get(total)?.[0];
    const wanted = whole === undefined ? (registers.get(channel) ?? []) : [total];
    if (wanted.length === 0 || (whole === undefined && ![...objects.keys()].some((name) => tariffs.test(name))))
      continue;
    if (typeof at === "string") {
      yield fault(at, common);
      continue;
    }
    const absent = wanted.find((name) => !objects.has(name));
    const values = wanted.map((name) => kwhOf(objects.get(name)?.[0]));
    const sum = absent === undefined && !values.includes(undefined) ? sumOf(values as string[]) : undefined;
    if (sum === undefined)
      yield fault(
        absent === undefined
          ? `register unreadable: ${wanted.map((name) => `${name}(${objects.get(name)?.[0] ?? ""})`).join(", ")}`
          : `register ${absent} is missing, which other telegrams have`,
        {...common, start: isoOf(at)}
      );
    else yield {series: channel, at, row: {...common, start: isoOf(at), value: sum}};
  }
  yield* ofOtherMeters(objects, timeZone, file_row);
}

/** By the number of a device's type (0-n:24.1.0), what it meters. */
const devices: Readonly<Record<string, {fuel: string} | {name: string}>> = {
  "3": {fuel: "gas"},
  ...{"4": {fuel: "district_heating"}, "12": {fuel: "district_heating"}, "13": {fuel: "district_heating"}},
  ...{
    "6": {name: "warm water"},
    "7": {name: "water"},
    "21": {name: "hot water"},
    "2": {name: "another electricity meter"}
  }
};

/** Gas and heat, of meters on channels of their own, read at times of their own. */
function* ofOtherMeters(objects: ReadonlyMap<string, readonly string[]>, timeZone: string, file_row: string) {
  for (const [reference, values] of objects) {
    const [, channel] = /^0-(\d):24\.(?:2\.[13]|3\.0)$/.exec(reference) ?? [];
    if (channel === undefined) continue;
    const type = objects.get(`0-${channel}:24.1.0`)?.[0];
    const device = type === undefined ? undefined : devices[String(Number(type))];
    const meter = idOf(objects.get(`0-${channel}:96.1.0`)?.[0] ?? objects.get(`0-${channel}:96.1.1`)?.[0]);
    const [stamp = "", last = ""] = [values[0], values.at(-1)];
    const [, number, unit] = /^([0-9.]+)(?:\*(.+))?$/.exec(last) ?? [];
    const named = unit ?? values.find((value) => /^(m3|GJ|kWh)$/i.test(value)) ?? "";
    const common: OwnRow = {
      ...(meter !== undefined && {meter_id: meter}),
      ...{file_row, channel: "import", kind: "register", decimal_mark: "."},
      ...(device && "fuel" in device ? {fuel: device.fuel} : {})
    };
    const at = instantOf(stamp, timeZone);
    const fault = (problem: string): OwnRow => ({...common, problem});
    if (device === undefined) yield fault(`device type not known: ${type ?? "none"} of channel ${channel}`);
    else if ("name" in device) yield fault(`${device.name}, no energy: channel ${channel}`);
    else if (typeof at === "string") yield fault(at);
    else if (number === undefined) yield fault(`register unreadable: ${reference}(${last})`);
    else {
      const row = {...common, start: isoOf(at), value: number, unit: named};
      yield {series: `channel ${channel}`, at, row};
    }
  }
}

function kwhOf(text: string | undefined): string | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\*(k?Wh)$/i.exec(text ?? "") ?? [];
  return number === undefined ? undefined : unit.toLowerCase() === "wh" ? shifted(number, -3) : number;
}

/** The sum of numbers with up to six decimals, exactly. */
function sumOf(texts: readonly string[]): string {
  const sum = texts.reduce((total, text) => total + BigInt(shifted(text, 6).split(".")[0]!), 0n);
  return shifted(String(sum), -6);
}

/** An id is written as the hexadecimal of its characters. */
function idOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const plain = /^([0-9A-F]{2})+$/i.test(text) ? Buffer.from(text, "hex").toString("latin1") : "";
  return /^[\x20-\x7e]+$/.test(plain) && plain.trim() !== "" ? plain.trim() : text;
}

/** A time YYMMDDhhmmss with S in summer and W in winter as an instant; or why there is none such. Old meters leave the letter out. */
function instantOf(stamp: string, timeZone: string): number | string {
  const [, digits, season] = /^(\d{12})([SW])?$/i.exec(stamp) ?? [];
  if (digits === undefined) return `time unreadable: ${stamp}`;
  const local = DateTime.fromFormat(digits, "yyMMddHHmmss", {zone: "UTC"});
  if (!local.isValid) return `time that never was: ${stamp}`;
  const winter = standardOffset(local.year, timeZone);
  const meant = season === undefined ? [winter, winter + 60] : [season.toUpperCase() === "S" ? winter + 60 : winter];
  const instants = meant
    .map((offset) => ({offset, at: local.toMillis() - offset * 60_000}))
    .filter(({offset, at}) => DateTime.fromMillis(at, {zone: timeZone}).offset === offset);
  if (instants.length === 1) return instants[0]!.at;
  if (instants.length > 1) return `time that came twice in ${timeZone}, without S or W: ${stamp}`;
  if (season === undefined) return `time that never was in ${timeZone}: ${stamp}`;
  const said = season.toUpperCase() === "S" ? "summer (S)" : "winter (W)";
  return `time that never was in ${timeZone}, where it was not ${said} then: ${stamp}`;
}

/** The offset of a zone without summer time, in minutes. */
function standardOffset(year: number, zone: string): number {
  return Math.min(
    DateTime.fromObject({year, month: 1}, {zone}).offset,
    DateTime.fromObject({year, month: 7}, {zone}).offset
  );
}
