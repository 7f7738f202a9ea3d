import type {FileReading} from "./file_reading.js";
import {isoOf, linesOf, type OwnRow, ownReader} from "./own_rows.js";
import type {Reader} from "./reader.js";
import {fieldsOf} from "./records.js";

/**
 * Meter data of Australia's market, as AEMO's Meter Data File Format has it: NEM12 with a day's intervals in a record, and NEM13 with a
 * register at the beginning and the end of a period. Its clock never changes: UTC+10, or UTC+8 in the west.
 */
export function nem12(timeZone: string): Reader {
  const offset = timeZone === "Australia/Perth" ? 8 : 10;
  return ownReader([".csv", ".csv.gz", ".txt", ".dat", ".nem12", ".nem13"], (reading) =>
    rowsOf(reading, offset * hour)
  );
}

const minute = 60_000;
const hour = 60 * minute;

/** What a 200 record says of the days below it. */
interface Stream {
  readonly length: number;
  readonly common: OwnRow;
}

/** A 300 record, whose intervals' quality the 400 records below it may refine. */
interface Day {
  readonly common: OwnRow;
  readonly start: number;
  readonly minutes: number;
  readonly values: readonly string[];
  /** Of each interval, as far as it is known. */
  readonly qualities: (string | undefined)[];
  /** Which intervals a 400 record names; of quality V each has to be named once. */
  readonly named: boolean[];
  readonly isVaried: boolean;
  fault?: string;
}

async function* rowsOf(reading: FileReading, offset: number): AsyncGenerator<OwnRow> {
  let stream: Stream | undefined;
  let day: Day | undefined;
  let [line, isBegun, hasValues] = [0, false, false];
  for await (const text of linesOf(reading)) {
    line++;
    if (text.trim() === "") continue;
    const fields = fieldsOf(text, ",", '"').map((field) => field.trim());
    const record = fields[0]!;
    if (!isBegun) refuseOther(fields);
    isBegun = true;
    // A record that isn't known may hold values; it is listed.
    hasValues ||= !["100", "200", "500", "550", "900"].includes(record);
    if (record === "400") {
      if (day) refine(day, fields);
      else yield {file_row: String(line), problem: "400 record without a 300 record above it"};
      continue;
    }
    if (day) yield* intervalsOf(day);
    day = undefined;
    if (record === "100" || record === "900") stream = undefined;
    else if (record === "200") stream = streamOf(fields);
    else if (record === "300") {
      const found = dayOf(fields, stream, {line, offset});
      if ("values" in found) day = found;
      else yield found;
    } else if (record === "250") yield* registersOf(fields, {line, offset});
    else if (record !== "500" && record !== "550")
      yield {file_row: String(line), problem: `record indicator not known: ${record}`};
  }
  if (!isBegun) throw new Error("the file is empty");
  if (!hasValues)
    throw new Error("no record of values in it, neither 300 nor 250; copy it again, or ask its sender for it");
  if (day) yield* intervalsOf(day);
}

function refuseOther([record, version = ""]: readonly string[]): void {
  if (record === "100" && !/^NEM1[23]$/i.test(version))
    throw new Error(`version not known: ${version}; NEM12 or NEM13`);
  if (!["100", "200", "250"].includes(record!))
    throw new Error(`no NEM12 or NEM13: its first record begins with ${record!.slice(0, 40)}, not with 100`);
}

function streamOf(fields: readonly string[]): Stream {
  const [, nmi = "", , , suffix = "", , , unit = "", length = ""] = fields;
  const common: OwnRow = {
    ...seriesOf(nmi, suffix),
    ...directionOf(suffix),
    ...unitOf(unit, suffix)
  };
  return {length: Number(length), common};
}

/** A meter is a register of an NMI: the first has the NMI's name, the others their suffix behind it. */
function seriesOf(nmi: string, suffix: string): OwnRow {
  return {meter_id: nmi, fuel: "electricity", ...(/[2-9A-Z]$/i.test(suffix) && {meter_suffix: ` ${suffix}`})};
}

const energies: Readonly<Record<string, string>> = {
  ...{wh: "Wh", kwh: "kWh", mwh: "MWh"},
  ...{w: "W", kw: "kW", mw: "MW"}
};

function unitOf(unit: string, suffix: string): OwnRow {
  const known = energies[unit.toLowerCase()];
  if (known !== undefined) return {unit: known};
  const isOf = (pattern: RegExp) => pattern.test(unit);
  if (isOf(/^[kM]?VAr(h)?$/i)) return {problem: `reactive, no active energy: ${suffix} in ${unit}`};
  if (isOf(/^[kM]?VA(h)?$/i)) return {problem: `apparent, no active energy: ${suffix} in ${unit}`};
  return {problem: unit === "" ? "unit missing" : `unit not known: ${unit}`};
}

function directionOf(suffix: string): OwnRow {
  const [letter = ""] = suffix.toUpperCase();
  if (letter === "E") return {channel: "import"};
  if (letter === "B") return {channel: "export"};
  if (letter === "Q" || letter === "K") return {problem: `reactive, no active energy: ${suffix}`};
  return {problem: `suffix not known: ${suffix || "none"}; E is drawn from the grid, B fed into it`};
}

interface Place {
  readonly line: number;
  /** How far the market's clock is ahead of UTC, in milliseconds. */
  readonly offset: number;
}

function dayOf(fields: readonly string[], stream: Stream | undefined, {line, offset}: Place): Day | OwnRow {
  const [, date = ""] = fields;
  const file_row = String(line);
  const fault = (problem: string): OwnRow => ({...stream?.common, file_row, label: date, problem});
  if (!stream) return fault("300 record without a 200 record above it");
  const {length, common} = stream;
  if (![1, 5, 10, 15, 30].includes(length))
    return fault(`interval length not known: ${length} minutes; 1, 5, 10, 15 or 30`);
  const at = instantOf(`${date}000000`, offset);
  if (date.length !== 8 || at === undefined) return fault(`date unreadable: ${date}`);
  const count = 1440 / length;
  const [flag = "", , , updated = "", loaded = ""] = fields.slice(2 + count);
  if (fields.length < 3 + count || !/^[A-Z](\d\d?)?$/i.test(flag))
    return fault(
      `record of ${date} doesn't hold the ${count} values of a day of ${length} minutes each, and their quality`
    );
  const revised = instantOf(updated, offset) ?? instantOf(loaded, offset);
  const method = flag[0]!.toUpperCase();
  return {
    common: {
      ...common,
      ...{file_row, resolution: `${length}min`, decimal_mark: "."},
      ...(revised !== undefined && {revised_at: isoOf(revised)})
    },
    ...{start: at, minutes: length, values: fields.slice(2, 2 + count)},
    qualities: new Array(count).fill(method === "V" ? undefined : flag),
    named: new Array(count).fill(false),
    isVaried: method === "V"
  };
}

/** A 400 record: the quality of the intervals from one to another, both included, counted from 1. */
function refine(day: Day, [, from = "", to = "", flag = ""]: readonly string[]): void {
  const [first, last] = [Number(from), Number(to)];
  const isRange = /^\d+$/.test(from) && /^\d+$/.test(to) && first >= 1 && first <= last && last <= day.values.length;
  if (!isRange) {
    day.fault ??= `400 record of no intervals of the day: ${from} to ${to}`;
    return;
  }
  for (let index = first - 1; index < last; index++) {
    if (day.named[index]) day.fault ??= `400 records overlap at interval ${index + 1}`;
    day.named[index] = true;
    day.qualities[index] = flag;
  }
}

const qualities: Readonly<Record<string, string>> = {A: "measured", E: "estimated", F: "estimated", S: "estimated"};

function* intervalsOf({common, start, minutes, ...day}: Day): Generator<OwnRow> {
  for (const [index, value] of day.values.entries()) {
    const flag = day.qualities[index];
    const method = flag?.[0]?.toUpperCase();
    const quality = method === undefined ? undefined : qualities[method];
    const problem =
      common.problem ??
      day.fault ??
      (flag === undefined && day.isVaried ? `quality V, but no 400 record is of interval ${index + 1}` : undefined) ??
      (quality === undefined && method !== "N" ? `quality not known: ${flag || "none"}` : undefined);
    yield {
      ...common,
      start: isoOf(start + index * minutes * minute),
      // Where nothing was read the record may hold any number.
      ...(method !== "N" && value !== "" && {value}),
      ...(quality !== undefined && {quality}),
      ...(problem !== undefined && {problem})
    };
  }
}

/** A 250 record: what a register showed at two moments. */
function* registersOf(fields: readonly string[], {line, offset}: Place): Generator<OwnRow> {
  const [, nmi = "", , , suffix = "", , , direction = "", before = "", beforeAt = "", beforeFlag = ""] = fields;
  const [after = "", afterAt = "", afterFlag = "", , , quantity = "", unit = "", , updated = "", loaded = ""] =
    fields.slice(13);
  const revised = instantOf(updated, offset) ?? instantOf(loaded, offset);
  const channels: Readonly<Record<string, OwnRow>> = {E: {channel: "import"}, I: {channel: "export"}};
  const digits = /^\d+/.exec(before)?.[0].length;
  const common: OwnRow = {
    ...seriesOf(nmi, suffix),
    ...unitOf(unit, suffix),
    ...(channels[direction.toUpperCase()] ?? {problem: `direction not known: ${direction || "none"}; E or I`}),
    ...{file_row: String(line), kind: "register", decimal_mark: "."},
    ...(digits !== undefined && digits <= 11 && {register_digits: String(digits)}),
    ...(revised !== undefined && {revised_at: isoOf(revised)})
  };
  const disagreement = disagreementOf(before, after, quantity);
  for (const [value, stamp, flag] of [
    [before, beforeAt, beforeFlag],
    [after, afterAt, afterFlag]
  ] as const) {
    const at = instantOf(stamp, offset);
    const method = flag[0]?.toUpperCase() ?? "";
    const quality = qualities[method];
    const problem =
      common.problem ??
      (at === undefined ? `time unreadable: ${stamp}` : undefined) ??
      (quality === undefined && method !== "N" ? `quality not known: ${flag || "none"}` : undefined) ??
      disagreement;
    yield {
      ...common,
      ...(at === undefined ? {label: stamp} : {start: isoOf(at)}),
      ...(method !== "N" && value !== "" && {value}),
      ...(quality !== undefined && {quality}),
      ...(problem !== undefined && {problem})
    };
  }
}

/** Why a quantity isn't what its register went on: a meter's factor, which the record doesn't state, would be a guess. */
function disagreementOf(before: string, after: string, quantity: string): string | undefined {
  if (quantity === "") return undefined;
  const [from, to, energy] = [Number(before), Number(after), Number(quantity)];
  if (before === "" || after === "" || Number.isNaN(from + to + energy)) return undefined;
  const fullTurn = 10 ** (/^\d+/.exec(before)?.[0].length ?? 0);
  const step = 10 ** -Math.min(...[before, after, quantity].map((text) => text.split(".")[1]?.length ?? 0));
  const difference = to >= from ? to - from : to + fullTurn - from;
  if (Math.abs(difference - energy) < step) return undefined;
  return `quantity ${quantity} is not what the register went on, from ${before} to ${after}`;
}

/** A time of 8 or 14 digits on the market's clock, as an instant; undefined where there is none. */
function instantOf(text: string, offset: number): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hours, minutes, seconds] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number
  ];
  const at = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  const isReal = new Date(at).toISOString().replaceAll(/\D/g, "").startsWith(text);
  return isReal ? at - offset : undefined;
}
