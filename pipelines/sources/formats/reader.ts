import type {Connection} from "../../engines/duckdb.js";

/** Reads one kind of file with DuckDB. */
export interface Reader {
  /** What its files' names end with: `.parquet`. */
  readonly extensions: readonly string[];
  /**
   * The columns of a file, by name, with their DuckDB types.
   * @throws Error when the file can't be read as this format.
   */
  columns(connection: Connection, file: string): Promise<ReadonlyMap<string, string>>;
  /** A SELECT of the files' rows: their columns, then `landing_file` and `landing_row`, counted from 1. */
  select(files: readonly string[]): string;
}
