import {isUtf8} from "node:buffer";
import {type FileAccount, longestText, mostRejects, type RecordReject} from "./account.js";
import {type Dialect, fitOf, namesIn, type TableRule} from "./csv_dialect.js";
import {elementBytes, type Limits, overLimit, refuseColumns} from "./limits.js";
import {fieldsOf, RecordScanner} from "./records.js";

/** A row of a table, as its file has it. */
export interface FoundRow {
  /** Its place among the rows and the rejected records of its file, from 1. */
  readonly number: number;
  /** Its first line as an editor counts it, from 1. */
  readonly line: number;
  /** The bytes that hold it, without the end of its line: valid until the next row. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly fields: number;
  /** Whether its quotes are others than RFC 4180 has them. */
  readonly isOdd: boolean;
  /** How many line breaks stand in its quoted fields. */
  readonly breaks: number;
}

/** How a table is read. */
export interface ScanRule {
  readonly dialect: Dialect;
  readonly rule: TableRule;
  readonly limits: Limits;
}

/** Where the rows of a table go. */
export interface RowSink {
  /** The names of the columns of the rows that follow, and how many fields without a name come after them. */
  header(columns: readonly string[], unnamed: number): void;
  row(row: FoundRow): void;
  /** A record that is numbered like a row, and can't be one. */
  rejected?(row: FoundRow): void;
}

type Count = "rows" | "rejected" | "blank" | "header" | "preamble" | "footer";

/**
 * Tells the records of a table's file apart: rows, headers, blank lines, what the format knows to stand above and below,
 * and all others, which are rejected. Each record is one of these.
 *
 * @throws Error naming the line, of a file whose records can't be told apart
 */
export class TableScan {
  readonly #dialect: Dialect;
  readonly #rule: TableRule;
  readonly #limits: Limits;
  readonly #sink: RowSink;
  readonly #scanner: RecordScanner;
  readonly #counts: Record<Count, number> = {rows: 0, rejected: 0, blank: 0, header: 0, preamble: 0, footer: 0};
  readonly #rejects: RecordReject[] = [];
  #records = 0;
  #numbered = 0;
  #line: number;
  #columns: readonly string[] = [];
  #unnamed = 0;
  /** Bytes above the header, which are read already. */
  #toSkip: number;
  #isFirst = true;
  #hasZero = false;
  #names: Buffer[] = [];
  /** By name, where it stands next in the bytes at hand; -1 where it doesn't. */
  #namedAt: number[] = [];
  #firstRagged: RecordReject | undefined;

  constructor({dialect, rule, limits}: ScanRule, sink: RowSink) {
    this.#dialect = dialect;
    this.#rule = rule;
    this.#limits = limits;
    this.#sink = sink;
    this.#scanner = new RecordScanner(dialect.delimiter, dialect.quote);
    this.#toSkip = dialect.headerAt;
    this.#line = Math.max(1, dialect.preamble.length + 1);
    for (const [index, text] of dialect.preamble.entries()) this.#above(index + 1, text);
    if (dialect.headerLine === 0) this.#header(dialect.columns, dialect.unnamed, true);
  }

  /** Reads the next bytes of the text, UTF-8 without a byte order mark. */
  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#toSkip > 0) {
      const skipped = Math.min(this.#toSkip, bytes.length);
      this.#toSkip -= skipped;
      bytes = bytes.subarray(skipped);
    }
    if (bytes.length === 0) return;
    this.#scanner.push(bytes);
    this.#look();
    while (this.#scanner.next(false)) this.#record();
    if (this.#scanner.bytes.length - this.#scanner.at > elementBytes(this.#limits)) throw this.#tooLong(this.#line);
  }

  #tooLong(line: number): Error {
    return overLimit(`line ${line} is too long, or a quote is missing in it`, this.#limits, "elementMiB");
  }

  /** Reads what is left, and gives the account of all. */
  finish(): FileAccount {
    while (this.#scanner.next(true)) this.#record();
    if (this.#counts.rows === 0 && this.#firstRagged) {
      const {line, reason} = this.#firstRagged;
      throw new Error(`${reason.replace(/^it/, `line ${line}`)}; no line below the header has as many`);
    }
    return {
      encoding: this.#dialect.encoding,
      records: this.#records,
      ...this.#counts,
      rejects: this.#rejects
    };
  }

  #count(kind: Count): void {
    this.#counts[kind]++;
  }

  #above(line: number, text: string): void {
    this.#records++;
    const {preamble} = this.#rule;
    const isKnown =
      (line === 1 && /^"?sep=/i.test(text)) ||
      preamble === "any" ||
      (preamble ?? []).some((pattern) => pattern.test(text));
    if (text.trim() === "") this.#count("blank");
    else if (isKnown) this.#count("preamble");
    else this.#reject({line, row: null, text, reason: "it stands above the header, and the format has no such line"});
  }

  #reject(reject: RecordReject): void {
    this.#count("rejected");
    if (this.#rejects.length >= mostRejects)
      throw new Error(
        `line ${this.#rejects[0]!.line}: ${this.#rejects[0]!.reason}; and so on for ${mostRejects} lines`
      );
    // A NUL in a text stops programs that read it.
    this.#rejects.push({...reject, text: reject.text.slice(0, longestText).replaceAll("\0", "\u2400")});
  }

  /** Looks once through the bytes for what is rare, so that not every record has to be looked through. */
  #look(): void {
    const {bytes} = this.#scanner;
    this.#hasZero = bytes.includes(0);
    this.#namedAt = this.#names.map((name) => bytes.indexOf(name));
  }

  #record(): void {
    const {bytes, start, end, breaks, fault} = this.#scanner;
    const line = this.#line;
    this.#line += breaks + 1;
    this.#records++;
    if (end - start > elementBytes(this.#limits)) throw this.#tooLong(line);
    if (this.#isFirst && this.#dialect.headerLine > 0) {
      this.#isFirst = false;
      this.#header(this.#dialect.columns, this.#dialect.unnamed, true);
      this.#count("header");
      return;
    }
    if (fault === "never closed") throw new Error(`line ${line} has a quote that is never closed`);
    if (isBlank(bytes, start, end, this.#dialect.delimiter)) this.#count("blank");
    else if (this.#hasName(start, end) && this.#isHeader(line)) this.#count("header");
    else if (this.#isFooter(start, end)) this.#count("footer");
    else this.#numberedRecord(line);
  }

  /** A row, or a record that should be one. */
  #numberedRecord(line: number): void {
    const {bytes, start, end, breaks, fields, isOdd} = this.#scanner;
    const number = ++this.#numbered;
    const row: FoundRow = {number, line, bytes, start, end, fields, isOdd, breaks};
    const reason = this.#faultIn(line);
    if (reason === undefined) {
      this.#count("rows");
      this.#sink.row(row);
      return;
    }
    this.#reject({line, row: number, text: bytes.toString("utf8", start, end), reason});
    this.#sink.rejected?.(row);
  }

  #header(columns: readonly string[], unnamed: number, isFirst: boolean): void {
    this.#columns = columns;
    this.#unnamed = unnamed;
    refuseColumns(columns.length + unnamed, `line ${this.#dialect.headerLine}`, this.#limits);
    if (isFirst) this.#names = rareNames(columns, this.#rule).map((name) => Buffer.from(name));
    this.#look();
    this.#sink.header(columns, unnamed);
  }

  /** Whether one of the header's names stands in a record: then it may be another header. */
  #hasName(start: number, end: number): boolean {
    let isThere = false;
    for (let index = 0; index < this.#names.length; index++) {
      let at = this.#namedAt[index]!;
      if (at < 0) continue;
      const {bytes} = this.#scanner;
      if (at < start) at = this.#namedAt[index] = bytes.indexOf(this.#names[index]!, start);
      if (at >= 0 && at < end) isThere = true;
    }
    return isThere;
  }

  /**
   * Takes a record for another header where it has the columns that the rule asks for, as a file has into which two exports
   * were put.
   *
   * @throws Error of one that has some of them only
   */
  #isHeader(line: number): boolean {
    const {bytes, start, end, fault} = this.#scanner;
    if (fault) return false;
    const {columns, unnamed} = namesIn(
      fieldsOf(bytes.toString("utf8", start, end), this.#dialect.delimiter, this.#dialect.quote)
    );
    const isRepeated =
      columns.length === this.#columns.length && columns.every((name, at) => name === this.#columns[at]);
    const {isComplete, known} = fitOf(columns, this.#rule);
    const isOwn = (name: string) => name !== "" && this.#columns.includes(name);
    const own = columns.filter(isOwn).length;
    if (isRepeated || (isComplete && known > 1 && (known > columns.length / 2 || own > columns.length / 2))) {
      refuseDuplicates(columns, this.#rule, line);
      this.#header(columns, unnamed, false);
      return true;
    }
    if (own > 1 && own > columns.length / 2) {
      const missing = this.#rule.required
        .filter((wanted) => !fitOf(columns, {required: [wanted]}).isComplete)
        .map(String);
      throw new Error(
        `line ${line} is another header, ${missing.length > 0 ? `without ${missing.join(", ")}` : "with other columns"}`
      );
    }
    return false;
  }

  #isFooter(start: number, end: number): boolean {
    const {footer} = this.#rule;
    if (!footer) return false;
    const text = this.#scanner.bytes.toString("utf8", start, end);
    return footer.some((pattern) => pattern.test(text));
  }

  /** Why a record is no row; undefined when it is. */
  #faultIn(line: number): string | undefined {
    const {bytes, start, end, fields, breaks, fault} = this.#scanner;
    if (fault) {
      if (breaks === 0) return "it has text after a quote that closes a field";
      throw new Error(`line ${line} has a quote that is only closed in line ${line + breaks}, with text after it`);
    }
    if (this.#hasZero && bytes.subarray(start, end).includes(0)) return "it has a NUL character";
    if (this.#dialect.hasInvalid && !isUtf8(bytes.subarray(start, end))) return "it has bytes that aren't UTF-8";
    const named = this.#columns.length;
    const width = named + this.#unnamed;
    if (fields >= named && (fields <= width || this.#isEmptyFrom(width))) return undefined;
    const reason = `it has ${fields === 1 ? "1 field" : `${fields} fields`}, and the header ${named}`;
    if (breaks > 0)
      throw new Error(
        `line ${line} and the ${breaks} below are one record by their quotes: ${reason}; a quote may be missing`
      );
    this.#firstRagged ??= {line, row: this.#numbered, text: "", reason};
    return reason;
  }

  /** Whether the fields of the record from one on have nothing in them. */
  #isEmptyFrom(index: number): boolean {
    const {bytes, start, end} = this.#scanner;
    const fields = fieldsOf(bytes.toString("utf8", start, end), this.#dialect.delimiter, this.#dialect.quote);
    return fields.slice(index).every((field) => field.trim() === "");
  }
}

/** Up to three of a header's names that seldom stand in rows: the longest of those that the rule asks for. */
function rareNames(columns: readonly string[], rule: TableRule): string[] {
  const isAsked = (name: string) => rule.required.some((wanted) => fitOf([name], {required: [wanted]}).isComplete);
  const asked = columns.filter(isAsked);
  return [...(asked.length > 0 ? asked : columns)].sort((a, b) => b.length - a.length).slice(0, 3);
}

/** @throws Error when a column that the rule knows stands in a header twice, or any where it knows none */
export function refuseDuplicates(columns: readonly string[], rule: TableRule, line: number): void {
  const before = new Set<string>();
  const twice = columns.find((name) => before.size === before.add(name).size && isKnown(name, rule));
  if (twice !== undefined) throw new Error(`column ${twice} stands twice in line ${line}`);
}

function isKnown(name: string, rule: TableRule): boolean {
  if (rule.required.length === 0) return true;
  return fitOf([name], {...rule, required: [], oneOf: [...rule.required, ...(rule.oneOf ?? [])]}).known > 0;
}

function isBlank(bytes: Buffer, start: number, end: number, delimiter: string): boolean {
  const code = delimiter.charCodeAt(0);
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== code && byte !== 0x20 && byte !== 0x09) return false;
  }
  return true;
}
