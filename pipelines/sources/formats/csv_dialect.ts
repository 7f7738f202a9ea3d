import {encodingAtHead, findEncoding, NotUtf8, type TextCode, utf8Of} from "./encoding.js";
import type {FileReading} from "./file_reading.js";
import {fieldsOf, RecordScanner} from "./records.js";

/** How a table is recognised in delimited text: by the names in its header, never by what its rows look like. */
export interface TableRule {
  /**
   * Columns that a header has, all of them: a name as it stands in the file but for spaces around it, or a pattern that
   * one of its names matches. Where none are given, the header is the first line that can be one.
   */
  readonly required: readonly (string | RegExp)[];
  /** Columns that a header may have. */
  readonly optional?: readonly (string | RegExp)[];
  /** Columns of which a header has at least one. */
  readonly oneOf?: readonly (string | RegExp)[];
  /** Text that may stand above the header: of any kind, or the lines that match. Other lines there are rejected. */
  readonly preamble?: "any" | readonly RegExp[];
  /** Records that are no rows of the table, such as totals below it: the text of the record matches one of these. */
  readonly footer?: readonly RegExp[];
  /** The names of the columns of files that have no header. */
  readonly names?: readonly string[];
  /** Whether only columns are read that are named above; by default all are. Files that differ in others are read together. */
  readonly isWhole?: boolean;
  /** Texts above the header that go into every row of their file, as columns of these names. */
  readonly titles?: readonly TitleRule[];
  /** The delimiter, where the format says it; found by default. */
  readonly delimiter?: string;
  /** An encoding of https://encoding.spec.whatwg.org that files without a byte order mark are in; found by default. */
  readonly encoding?: string;
}

/** A text that stands above the header. */
export interface TitleRule {
  /** The name of the column that it becomes, which no column of a file has. */
  readonly column: string;
  /** The text, by the fields of each line above the header; undefined where it isn't there. */
  readonly textIn: (lines: readonly (readonly string[])[]) => string | undefined;
}

/** How the table in a file is written. */
export interface Dialect extends TextCode {
  readonly delimiter: string;
  readonly quote: string;
  /** The header's line as an editor counts it, from 1; 0 where the file has none. */
  readonly headerLine: number;
  /** The names in the header, without spaces around them. */
  readonly columns: readonly string[];
  /** How many fields without a name follow the last one with a name: lines that end with a delimiter have one. */
  readonly unnamed: number;
  /** The lines above the header. */
  readonly preamble: readonly string[];
  /** Where the header begins, in bytes of the text as UTF-8 without a byte order mark. */
  readonly headerAt: number;
  /** Whether the header has all the columns that the rule asks for. */
  readonly isComplete: boolean;
}

const delimiters = [",", ";", "\t", "|"];
const quotes = ['"', "'"];
/** A header is looked for so far down, in lines and in bytes. */
const mostTitles = 100;
const longestHead = 1024 * 1024;

/**
 * Finds how the table of a file is written: its encoding, its delimiter and its header, by the columns that the rule asks
 * for. Where no line has them all, the one that has the most of them counts as the header.
 *
 * @returns undefined when there is nothing in the file but empty lines
 * @throws Error of text in no known encoding
 */
export async function findDialect(reading: FileReading, rule: TableRule): Promise<Dialect | undefined> {
  try {
    return await tableIn(reading, rule, await encodingAtHead(reading, rule.encoding));
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return tableIn(reading, rule, await findEncoding(reading, rule.encoding));
  }
}

/**
 * The dialect of a file whose encoding is known.
 *
 * @throws NotUtf8 when its beginning isn't UTF-8 though it should be
 */
export async function tableIn(reading: FileReading, rule: TableRule, code: TextCode): Promise<Dialect | undefined> {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of utf8Of(reading, code)) {
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length >= longestHead) break;
  }
  const found = dialectIn(head.subarray(0, longestHead), rule);
  return found && {...code, ...found};
}

/** A line that may be the header, read with one delimiter and quote. */
interface Candidate extends Omit<Dialect, keyof TextCode | "preamble"> {
  /** How many of the columns it has that the rule asks for. */
  readonly known: number;
}

/** What `findDialect` finds, of the beginning of a file's text as UTF-8 without a byte order mark. */
function dialectIn(head: Buffer, rule: TableRule): Omit<Dialect, keyof TextCode> | undefined {
  const lines = linesOf(head);
  const isEmpty = lines.every(({text}) => text.trim() === "");
  if (isEmpty) return undefined;
  // Excel's own line above the header that names the delimiter, for any format.
  const stated = /^"?sep=([^\s"\w])"?$|^"?sep=(\t)"?$/i.exec(lines[0]!.text);
  const separators = stated ? [stated[1] ?? stated[2]!] : rule.delimiter ? [rule.delimiter] : delimiters;
  const isUnknown = rule.required.length === 0 && rule.names === undefined;
  const candidates: Candidate[] = [];
  for (const quote of quotes) {
    if (candidates.some(({isComplete}) => isComplete)) break;
    for (const delimiter of separators)
      candidates.push(
        ...(rule.names
          ? [withoutHeader(lines, rule.names, delimiter, quote, stated !== null)]
          : isUnknown
            ? firstHeader(head, lines.slice(stated ? 1 : 0), delimiter, quote)
            : headersAmong(head, lines.slice(stated ? 1 : 0), rule, delimiter, quote))
      );
  }
  const best = candidates.reduce<Candidate | undefined>(
    (best, other) => (best === undefined || isBetter(other, best) ? other : best),
    undefined
  );
  if (!best) return undefined;
  const above = lines.filter(({start}) => start < best.headerAt).map(({text}) => text);
  return {...best, preamble: above};
}

function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.isComplete !== other.isComplete) return one.isComplete;
  if (one.known !== other.known) return one.known > other.known;
  if (one.headerLine !== other.headerLine) return one.headerLine < other.headerLine;
  return one.columns.length > other.columns.length;
}

interface Line {
  readonly start: number;
  readonly number: number;
  readonly text: string;
}

/** The first lines of a text. */
function linesOf(head: Buffer): Line[] {
  const lines: Line[] = [];
  for (let [start, number] = [0, 1]; start < head.length && number <= mostTitles; number++) {
    let end = start;
    while (end < head.length && head[end] !== 0x0a && head[end] !== 0x0d) end++;
    lines.push({start, number, text: head.toString("utf8", start, end)});
    start = head[end] === 0x0d && head[end + 1] === 0x0a ? end + 2 : end + 1;
  }
  return lines;
}

/** Every line that has a column of the rule, and the first one with anything on it. */
function headersAmong(
  head: Buffer,
  lines: readonly Line[],
  rule: TableRule,
  delimiter: string,
  quote: string
): Candidate[] {
  const found: Candidate[] = [];
  for (const line of lines) {
    if (line.text.trim() === "") continue;
    const header = headerAt(head, line, delimiter, quote);
    if (!header) continue;
    const {isComplete, known} = fitOf(header.columns, rule);
    if (known > 0 || found.length === 0) found.push({...header, isComplete, known});
    if (isComplete) break;
  }
  return found;
}

/** The record that begins with a line, as a header. */
function headerAt(
  head: Buffer,
  {start, number}: Line,
  delimiter: string,
  quote: string
): Omit<Candidate, "isComplete" | "known"> | undefined {
  const scanner = new RecordScanner(delimiter, quote);
  scanner.push(head.subarray(start));
  if (!scanner.next(true) || scanner.fault) return undefined;
  const record = head.toString("utf8", start + scanner.start, start + scanner.end);
  const {columns, unnamed} = namesIn(fieldsOf(record, delimiter, quote));
  return {delimiter, quote, headerLine: number, headerAt: start, columns, unnamed};
}

/** The names in a header, and how many fields without one follow them. */
export function namesIn(fields: readonly string[]): {columns: string[]; unnamed: number} {
  const columns = fields.map((field) => field.trim());
  let unnamed = 0;
  while (columns.length > 1 && columns.at(-1) === "") {
    columns.pop();
    unnamed++;
  }
  return {columns, unnamed};
}

/** Whether names are those of a header that the rule asks for, and how many of the columns they have. */
export function fitOf(
  names: readonly string[],
  {required, optional = [], oneOf = []}: TableRule
): {isComplete: boolean; known: number} {
  const isThere = (wanted: string | RegExp) =>
    typeof wanted === "string" ? names.includes(wanted.trim()) : names.some((name) => wanted.test(name));
  const isComplete = required.every(isThere) && (oneOf.length === 0 || oneOf.some(isThere));
  return {isComplete, known: new Set([...required, ...optional, ...oneOf].filter(isThere)).size};
}

/** Whether a column is read. */
export function isAsked(name: string, rule: TableRule): boolean {
  if (!rule.isWhole) return true;
  return (
    fitOf([name], {required: [], oneOf: [...rule.required, ...(rule.optional ?? []), ...(rule.oneOf ?? [])]}).known > 0
  );
}

function withoutHeader(
  lines: readonly Line[],
  names: readonly string[],
  delimiter: string,
  quote: string,
  isStated: boolean
): Candidate {
  const rows = lines.filter(({text}, index) => text.trim() !== "" && !(isStated && index === 0));
  const fits = rows.filter(({text}) => fieldsOf(text, delimiter, quote).length === names.length).length;
  const headerAt = isStated ? (lines[1]?.start ?? 0) : 0;
  return {delimiter, quote, headerLine: 0, headerAt, columns: names, unnamed: 0, isComplete: fits > 0, known: fits};
}

/**
 * The first line that can be a header where nobody says what it is called: its fields all say something, and as many
 * lines as possible below it have as many fields.
 */
function firstHeader(head: Buffer, lines: readonly Line[], delimiter: string, quote: string): Candidate[] {
  const counts = lines.map(({text}) => fieldsOf(text, delimiter, quote).length);
  const found: Candidate[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.text.trim() === "") continue;
    const header = headerAt(head, line, delimiter, quote);
    if (!header || header.columns.some((name) => name === "")) continue;
    const width = header.columns.length + header.unnamed;
    const alike = counts.slice(index + 1).filter((count) => count === width).length;
    // A line of one field is a header only where nothing else is.
    found.push({...header, isComplete: width > 1, known: width > 1 ? alike + 1 : 0});
  }
  return found;
}
