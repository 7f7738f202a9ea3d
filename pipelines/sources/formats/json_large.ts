import {closeSync, openSync, readFileSync, readSync, statSync, writeSync} from "node:fs";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {type Connection, identifier, pathPattern} from "../../engines/duckdb.js";
import {NotUtf8, utf8, utf8Of} from "./encoding.js";
import {isCompressed} from "./file_name.js";
import {fileNumbers} from "./file_numbers.js";
import type {FileReading} from "./file_reading.js";
import {JsonText} from "./json_text.js";
import type {Limits} from "./limits.js";
import {eachFile, type FileColumns} from "./reader.js";

/** A file whose values stand one a line in a scratch file, each with its number. */
export interface CutColumns extends FileColumns {
  readonly lines: LineWriter;
}

/** The largest value of JSON that DuckDB reads without being told to. */
const largestWhole = 16_777_216;

/**
 * Whether DuckDB can't read a file as one value: it may be too large for that once it is decompressed, its `.GZ` is not in small
 * letters, by which alone DuckDB knows that it is compressed, or it is UTF-16, which DuckDB takes for broken JSON.
 */
export function needsCutting(file: string): boolean {
  return (isCompressed(file) && !file.endsWith(".gz")) || isLarge(file) || hasMarkOfUtf16(file);
}

function hasMarkOfUtf16(file: string): boolean {
  return ["fffe", "feff"].includes(bytesAt(file, 0, 2).toString("hex"));
}

function isLarge(file: string): boolean {
  const {size} = statSync(file);
  if (size > largestWhole || !isCompressed(file)) return size > largestWhole;
  // Nothing is packed more than a thousandfold. What a file of several parts says at its end of its length is that of the last.
  if (size <= largestWhole / 1032) return false;
  try {
    gunzipSync(readFileSync(file), {maxOutputLength: largestWhole});
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
  }
}

function bytesAt(file: string, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const handle = openSync(file, "r");
  try {
    readSync(handle, bytes, 0, length, position);
  } finally {
    closeSync(handle);
  }
  return bytes;
}

/** Takes a file apart, writes its values, and gives its columns. */
export type Cut = (text: JsonText, lines: LineWriter, limits: Limits) => Promise<ReadonlyMap<string, string>>;

/** Writes what files hold into a scratch file, value by value, and gives the columns of each, or why it can't be read. */
export async function cutFiles(
  connection: Connection,
  files: readonly string[],
  limits: Limits,
  cut: Cut
): Promise<Map<string, CutColumns | Error>> {
  if (files.length === 0) return new Map();
  const lines = new LineWriter(join(await connection.scratch(), `json-${++made}.txt`));
  try {
    return await eachFile(files, limits, (reading) => cutFile(reading, lines, cut));
  } finally {
    lines.close();
  }
}

let made = 0;

async function cutFile(reading: FileReading, lines: LineWriter, cut: Cut): Promise<CutColumns> {
  const text = new JsonText(utf8Of(reading, utf8), reading.limits);
  lines.begin(reading.file);
  try {
    if ((await text.next()) === undefined) throw new Error("there is nothing in it");
    const columns = await cut(text, lines, reading.limits);
    if ((await text.next()) !== undefined) throw new Error("there is more after the JSON's end");
    return Object.assign(new Map(columns), {lines, group: lines.path});
  } catch (error) {
    if (error instanceof NotUtf8) throw new Error("the text is not UTF-8 throughout; save the file as UTF-8");
    throw error;
  } finally {
    await text.close();
  }
}

/** What DuckDB reads of a file at once: as of other files of text, but not as many times more as a line may be longer. */
const smallestBuffer = 32_000_000;

/** The rows of files: `value`, `landing_file` and `landing_row`. */
export function valuesOf(files: readonly string[], {lines: {path, longest, numbers}}: CutColumns): string {
  const rows = `read_csv(${pathPattern(path)}, columns = {file_number: 'INTEGER', landing_row: 'BIGINT', value: 'VARCHAR'}, delim = chr(9), quote = '',
    escape = '', header = false, auto_detect = false, new_line = '\\n', hive_partitioning = false, max_line_size = ${longest + 1},
    buffer_size = ${Math.max(smallestBuffer, 2 * longest + 2)})`;
  const own = files.map((file) => numbers.get(file)!);
  return `SELECT value, landing_file, landing_row
          FROM ${rows} JOIN (${fileNumbers(files, own)}) ON number = file_number`;
}

/** The rows of files where each value is an array: its values are those of the columns. */
export function arraysOf(files: readonly string[], columns: CutColumns): string {
  return arraysInColumns(
    `SELECT CAST(CAST(value AS JSON) AS VARCHAR[]) AS landed, landing_row, landing_file FROM (${valuesOf(files, columns)})`,
    columns
  );
}

/** Rows whose values are the array `landed`, each value in its column; `rows` is a SELECT of them. */
export function arraysInColumns(rows: string, columns: FileColumns): string {
  const values = [...columns.keys()].map((name, index) => `landed[${index + 1}] AS ${identifier(name)}`);
  return `SELECT ${values.join(", ")}, landing_file, landing_row
          FROM (${rows})
          WHERE CASE WHEN len(landed) <> ${columns.size}
            THEN error('row ' || landing_row || ' has not as many values as there are columns') ELSE true END`;
}

export function isCut(columns: FileColumns): columns is CutColumns {
  return "lines" in columns;
}

/** Writes values to a file: a line each, with the number of its file and its own before it. */
export class LineWriter {
  readonly path: string;
  /** By file, its number here. */
  readonly numbers = new Map<string, number>();
  readonly #handle: number;
  #prefix = "";
  readonly #pending = Buffer.allocUnsafe(1024 * 1024);
  #length = 0;
  /** The longest line so far, in bytes. */
  longest = 0;

  constructor(path: string) {
    this.path = path;
    this.#handle = openSync(path, "w");
  }

  /** The values that follow are of this file. */
  begin(file: string): void {
    this.numbers.set(file, this.numbers.size);
    this.#prefix = `${this.numbers.get(file)}\t`;
  }

  /** A value of JSON has line breaks and tabs between its parts alone: there a space says the same. */
  add(number: number, bytes: Buffer, start: number, end: number): void {
    const prefix = `${this.#prefix}${number}\t`;
    this.longest = Math.max(this.longest, prefix.length + end - start + 1);
    if (this.#length + prefix.length + end - start + 1 > this.#pending.length) this.#flush();
    this.#length += this.#pending.write(prefix, this.#length, "latin1");
    if (this.#length + end - start + 1 > this.#pending.length) {
      this.#flush();
      const value = Buffer.concat([bytes.subarray(start, end), Buffer.from("\n")]);
      spaced(value, 0, value.length - 1);
      writeSync(this.#handle, value);
      return;
    }
    bytes.copy(this.#pending, this.#length, start, end);
    spaced(this.#pending, this.#length, this.#length + end - start);
    this.#length += end - start;
    this.#pending[this.#length++] = 0x0a;
  }

  /** Adds a value that is text. */
  addText(number: number, text: string): void {
    const bytes = Buffer.from(text);
    this.add(number, bytes, 0, bytes.length);
  }

  close(): void {
    this.#flush();
    closeSync(this.#handle);
  }

  #flush(): void {
    if (this.#length > 0) writeSync(this.#handle, this.#pending, 0, this.#length);
    this.#length = 0;
  }
}

function spaced(bytes: Buffer, start: number, end: number): void {
  for (let at = start; at < end; at++) if (bytes[at]! < 0x20) bytes[at] = 0x20;
}
