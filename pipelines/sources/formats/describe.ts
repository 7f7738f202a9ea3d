import {type Connection, literal} from "../../engines/duckdb.js";
import type {FileColumns} from "./reader.js";

/** The columns of each file, described one after the other by a SELECT of its rows. */
export async function describeEach(
  connection: Connection,
  files: readonly string[],
  rowsOf: (file: string) => string
): Promise<ReadonlyMap<string, FileColumns>> {
  const columns = new Map<string, FileColumns>();
  for (const file of files) {
    const rows = await connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${rowsOf(file)}`);
    columns.set(file, new Map(rows.map(({column_name, column_type}) => [column_name, column_type])));
  }
  return columns;
}

/** A path as an SQL literal that DuckDB's file readers take for that one file, whatever is in its name. */
export function pathPattern(path: string): string {
  return literal(path.replaceAll(/[*?[]/g, "[$&]"));
}

/**
 * Reads delimited text through once, by a call of `read_csv` that may take several threads: one of a single thread drops what
 * follows a quote that is never closed, and doesn't say so.
 *
 * @throws Error that names the line where the file breaks, and how
 */
export async function refuseOpenQuote(connection: Connection, readCsv: string): Promise<void> {
  await connection.rows(`SELECT count(*) FROM ${readCsv}`).catch((error: Error) => {
    const [, line] = /CSV Error on Line: (\d+)/.exec(error.message) ?? [];
    const [, asked, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(error.message) ?? [];
    if (line && asked) throw new Error(`line ${line} has ${found} fields, and the header ${asked}`);
    if (line && error.message.includes("unterminated quote"))
      throw new Error(`line ${line} has a quote that is never closed`);
    throw error;
  });
}
