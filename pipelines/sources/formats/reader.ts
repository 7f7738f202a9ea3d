import type {Connection} from "../../engines/duckdb.js";
import type {FileAccount} from "./account.js";
import {FileReading} from "./file_reading.js";
import type {Limits} from "./limits.js";

/** The columns of a file in its order, by name, with their DuckDB types. */
export interface FileColumns extends ReadonlyMap<string, string> {
  /** What became of the file's records, where its format has records that may be no rows. */
  readonly account?: FileAccount;
  /** Where it is given, files are read together only if it is the same. */
  readonly group?: string;
}

/** Reads one kind of file with DuckDB. */
export interface Reader {
  /** What its files' names end with, in small letters: `.parquet`. */
  readonly extensions: readonly string[];
  /**
   * The columns of each file, by its path; or why the file can't be read, or goes beyond a limit. What DuckDB can't read by
   * itself may be loaded into the connection here, or written to its scratch folder.
   *
   * @throws Error when one of the files can't be read as this format; asked for it alone, the message says why.
   */
  columns(
    connection: Connection,
    files: readonly string[],
    limits: Limits
  ): Promise<ReadonlyMap<string, FileColumns | Error>>;
  /**
   * A SELECT of the rows of files that have these columns: the columns, then `landing_file` and `landing_row`,
   * counted from 1.
   */
  select(files: readonly string[], columns: FileColumns): string;
  /** Why files with these columns can't be read, as one sentence. By default it is the contract of the Bronze model that says so. */
  readonly breach?: (columns: FileColumns) => string | undefined;
  /** The columns of `select` beside `landing_file` and `landing_row`, where they aren't those of the file. */
  readonly selected?: (columns: FileColumns) => FileColumns;
  /** Only of formats that carry what belongs to customers, who may be erased. */
  readonly without?: Without;
}

/** The columns of one file alone. */
export async function columnsOf(
  reader: Reader,
  connection: Connection,
  file: string,
  limits: Limits
): Promise<FileColumns> {
  const found = (await reader.columns(connection, [file], limits)).get(file)!;
  if (found instanceof Error) throw found;
  return found;
}

/**
 * Writes to `draft` what is in a file, without some of its rows, numbered as `landing_row` numbers them. What is left is as
 * it was and in its order; in formats of text, to the byte.
 */
export type Without = (
  connection: Connection,
  reading: FileReading,
  draft: string,
  rows: ReadonlySet<number>
) => Promise<void>;

/** What is found of each file by itself, or why it can't be read; files after one that can't are read all the same. */
export async function eachFile<T>(
  files: readonly string[],
  limits: Limits,
  read: (reading: FileReading) => Promise<T>
): Promise<Map<string, T | Error>> {
  const found = new Map<string, T | Error>();
  for (const file of files) found.set(file, await read(new FileReading(file, limits)).catch((error: Error) => error));
  return found;
}
