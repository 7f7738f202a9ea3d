import {appendFileSync} from "node:fs";
import {join} from "node:path";
import {identifier, literal, pathPattern} from "../../engines/duckdb.js";
import {fileNumbers} from "./file_numbers.js";
import {fieldsOf, quoted} from "./records.js";
import type {FoundRow} from "./table_scan.js";

/** How the rows of a scratch table are written. */
interface Shape {
  readonly delimiter: string;
  readonly quote: string;
  /** The names of its fields; those without one, and those behind the last, are not read. */
  readonly names: readonly (string | undefined)[];
  /** How many fields each row has. */
  readonly width: number;
  /** The columns whose text is the same in all rows of a file. */
  readonly titles: readonly string[];
}

const largestPending = 1024 * 1024;
/** The longest line that DuckDB reads without being told to. */
const longestByDefault = 2_000_000;

/**
 * Rows of any number of files with the same columns, as one file of delimited text that DuckDB can read without looking for
 * anything: UTF-8, a line feed after each row, each row with as many fields as the others, the number of its file and its
 * own before them.
 */
export class ScratchTable {
  readonly path: string;
  readonly #shape: Shape;
  /** By file, its number here, and its texts of `titles`. */
  readonly #files = new Map<string, {readonly number: number; readonly titles: readonly string[]}>();
  #prefix = "";
  #pending = Buffer.allocUnsafe(8192);
  #length = 0;
  #longest = 0;
  #hasBreaks = false;

  constructor(path: string, shape: Shape) {
    this.path = path;
    this.#shape = shape;
  }

  /** The rows that follow are of this file, which has these texts of `titles`. */
  begin(file: string, titles: readonly string[]): void {
    const number = this.#files.get(file)?.number ?? this.#files.size;
    this.#files.set(file, {number, titles});
    this.#prefix = `${number}${this.#shape.delimiter}`;
  }

  /** Adds a row of the file that was begun last. */
  add({number, bytes, start, end, fields, isOdd, breaks}: FoundRow): void {
    const {delimiter, quote, width} = this.#shape;
    if (breaks > 0) this.#hasBreaks = true;
    const prefix = `${this.#prefix}${number}${delimiter}`;
    if (fields === width && !isOdd) {
      const length = prefix.length + end - start + 1;
      this.#makeRoom(length);
      this.#length += this.#pending.write(prefix, this.#length, "latin1");
      this.#length += bytes.copy(this.#pending, this.#length, start, end);
    } else {
      const values = fieldsOf(bytes.toString("utf8", start, end), delimiter, quote).slice(0, width);
      while (values.length < width) values.push("");
      const line = Buffer.from(prefix + values.map((value) => quoted(value, delimiter, quote)).join(delimiter));
      this.#makeRoom(line.length + 1);
      this.#length += line.copy(this.#pending, this.#length);
    }
    this.#pending[this.#length++] = 0x0a;
  }

  /** Writes what was added to the disk. */
  flush(): void {
    appendFileSync(this.path, this.#pending.subarray(0, this.#length));
    this.#length = 0;
  }

  #makeRoom(length: number): void {
    this.#longest = Math.max(this.#longest, length);
    if (this.#length + length <= this.#pending.length) return;
    if (this.#pending.length >= largestPending && this.#length > 0) this.flush();
    if (this.#length + length <= this.#pending.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#pending.length, this.#length + length));
    this.#pending.copy(grown, 0, 0, this.#length);
    this.#pending = grown;
  }

  /** A SELECT of the rows of some of its files. */
  select(files: readonly string[]): string {
    const {delimiter, quote, names, width, titles} = this.#shape;
    const own = files.flatMap((path) => {
      const file = this.#files.get(path);
      return file ? [{path, ...file}] : [];
    });
    const fields = Array.from({length: width}, (_, index) => `f${index}: 'VARCHAR'`);
    // DuckDB looks for the beginning of a row in the middle of a file, and may find one in quotes.
    const options = [
      `columns = {file_number: 'INTEGER', landing_row: 'BIGINT', ${fields.join(", ")}}`,
      `delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, new_line = '\\n', nullstr = ''`,
      "header = false, auto_detect = false, strict_mode = true, hive_partitioning = false",
      ...(this.#hasBreaks ? ["parallel = false"] : []),
      ...(this.#longest > longestByDefault
        ? [`max_line_size = ${this.#longest + 1}, buffer_size = ${2 * this.#longest + 2}`]
        : [])
    ];
    const read = names.flatMap((name, index) => (name === undefined ? [] : [`f${index} AS ${identifier(name)}`]));
    const rows = `read_csv(${pathPattern(this.path)}, ${options.join(", ")})`;
    const [first] = own;
    if (first && own.length === 1) {
      const said = titles.map((name, index) => `${literal(first.titles[index]!)} AS ${identifier(name)}`);
      return `SELECT ${[...read, ...said].join(", ")}, ${literal(first.path)} AS landing_file, landing_row
              FROM ${rows} WHERE file_number = ${first.number}`;
    }
    const facts = fileNumbers(
      own.map(({path}) => path),
      own.map(({number}) => number),
      titles.map((name, index) => [name, own.map((file) => file.titles[index]!)] as const)
    );
    return `SELECT ${[...read, ...titles.map(identifier)].join(", ")}, landing_file, landing_row
            FROM ${rows} JOIN (${facts}) ON number = file_number`;
  }
}

/** Names that DuckDB, to which capitals are the same as small letters, can tell apart: the first of each stays as it is. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>(["landing_file", "landing_row"]);
  return names.map((name) => {
    let unique = name === "" ? "unnamed" : name;
    for (let count = 2; taken.has(unique.toLowerCase()); count++) unique = `${name || "unnamed"} ${count}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** The scratch tables of one look at files, by how their rows are written. */
export class ScratchTables {
  readonly #folder: string;
  readonly #tables = new Map<string, ScratchTable>();
  static #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  of(shape: Shape): ScratchTable {
    const key = JSON.stringify(shape);
    let table = this.#tables.get(key);
    if (!table) {
      table = new ScratchTable(join(this.#folder, `table-${++ScratchTables.#made}.csv`), shape);
      this.#tables.set(key, table);
    }
    return table;
  }

  flush(): void {
    for (const table of this.#tables.values()) table.flush();
  }
}
