import {type Connection, identifier} from "../../engines/duckdb.js";
import {fileNumbers} from "./file_numbers.js";
import type {FileColumns} from "./reader.js";

/** A row of texts, in the order of its table's columns; null and undefined are NULL. */
export interface TextRow {
  /** Its `landing_row`. */
  readonly number: number;
  readonly texts: readonly (string | null | undefined)[];
}

/** Columns of a file whose rows are in a table of the connection, with those of other files. */
export interface LoadedColumns extends FileColumns {
  readonly texts: TextTable;
}

let made = 0;

/** No file has a column of such a name. */
const numberColumn = identifier("number\nof file");

/**
 * Rows that a reader makes by itself, of any number of files with the same columns, as one table of the connection: text
 * columns, the number of the file, and `landing_row`. A table a file would cost more than the rows of a small one.
 */
export class TextTable {
  readonly name = `texts_${++made}`;
  readonly #columns: readonly string[];
  /** By file, its number here. */
  readonly #numbers = new Map<string, number>();
  #begun = 0;

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  /**
   * Adds the rows of a file. Of one that breaks off, nothing is read: added again, it has another number.
   *
   * @throws Error as `rows` does
   */
  async add(connection: Connection, file: string, rows: Iterable<TextRow> | AsyncIterable<TextRow>): Promise<void> {
    const number = this.#begun++;
    if (number === 0) {
      const texts = this.#columns.map((column) => `${identifier(column)} VARCHAR`);
      await connection.run(
        `CREATE TABLE ${this.name} (${[...texts, `${numberColumn} INTEGER`, "landing_row BIGINT"].join(", ")})`
      );
    }
    const appender = await connection.native.createAppender(this.name);
    try {
      for await (const row of rows) {
        for (const text of row.texts) {
          if (text === null || text === undefined) appender.appendNull();
          else appender.appendVarchar(text);
        }
        appender.appendInteger(number);
        appender.appendBigInt(BigInt(row.number));
        appender.endRow();
      }
      appender.closeSync();
    } catch (error) {
      appender.closeSync();
      // Of a file that can't be read, nothing takes up memory.
      await connection.run(`DELETE FROM ${this.name} WHERE ${numberColumn} = ${number}`);
      throw error;
    }
    this.#numbers.set(file, number);
  }

  /** A SELECT of some columns of the rows of files, with `landing_file` and `landing_row`. */
  select(files: readonly string[], columns: Iterable<string>): string {
    const names = [...columns].map(identifier).join(", ");
    const numbers = files.map((file) => this.#numbers.get(file)!);
    return `SELECT ${names}, landing_file, landing_row
            FROM ${this.name}
            JOIN (${fileNumbers(files, numbers)}) ON number = ${numberColumn}`;
  }
}

/** Columns of a file that was added to a table. */
export function loadedColumns(texts: TextTable, names: Iterable<string>): LoadedColumns {
  return Object.assign(new Map([...names].map((name) => [name, "VARCHAR"] as const)), {texts, group: texts.name});
}

/** The rows of files that were added to a table: some of its columns, `landing_file` and `landing_row`. */
export function loadedRows(files: readonly string[], columns: FileColumns, names: Iterable<string>): string {
  if (!("texts" in columns)) throw new Error("files are read after their columns are found");
  return (columns as LoadedColumns).texts.select(files, names);
}
