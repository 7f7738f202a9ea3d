import {type Connection, literal} from "../../engines/duckdb.js";
import {isCompressed} from "./file_name.js";
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

/** How DuckDB has to unpack a file: it knows `.gz` by itself in small letters only. */
export function compressionOf(file: string): "gzip" | "none" {
  return isCompressed(file) ? "gzip" : "none";
}
