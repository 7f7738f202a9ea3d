import {type Connection, literal} from "../../engines/duckdb.js";

/** The columns of a SELECT, by name, with their DuckDB types. */
export async function describe(connection: Connection, select: string): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${select}`);
  return new Map(rows.map(({column_name, column_type}) => [column_name, column_type]));
}

/** A path as an SQL literal that DuckDB's file readers take for that one file, whatever is in its name. */
export function pathPattern(path: string): string {
  return literal(path.replaceAll(/[*?[]/g, "[$&]"));
}
