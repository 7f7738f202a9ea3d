import type {DuckDBType} from "@duckdb/node-api";
import type {Connection} from "../engines/duckdb.js";
import {quoteName} from "../engines/workspace.js";

/** A column of a table or view, with its type as a tree: an export looks inside lists and structs. */
export interface TypedColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** The columns of a table or view, in order. No row is read. */
export async function typedColumns(connection: Connection, table: string): Promise<TypedColumn[]> {
  const result = await connection.native.run(`SELECT * FROM ${quoteName(table)} LIMIT 0`);
  const types = result.columnTypes();
  return result.columnNames().map((name, index) => ({name, type: types[index]!}));
}
