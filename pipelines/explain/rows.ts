import type {DuckDBValue} from "@duckdb/node-api";
import type {Column} from "../delta/schema.js";
import {holdsOneOf, type Slice, type Values} from "../delta/slice.js";
import {identifier} from "../engines/duckdb.js";
import type {Lakehouse} from "../lakehouse.js";
import {isView} from "../models/catalog.js";
import {defineTables, slicedRows} from "../models/relations.js";

/** Rows of one table, held in the lake's workspace. */
export interface Held {
  readonly table: string;
  /** A relation of them, as SQL. */
  readonly relation: string;
  readonly columns: readonly Column[];
  readonly count: number;
}

/** Rows as they are read: exact values, by position. */
export interface Rows {
  readonly columns: readonly string[];
  /** How many there are. */
  readonly count: number;
  /** As many of them as were asked for. */
  readonly rows: readonly (readonly DuckDBValue[])[];
}

/** A column of more values than this is not looked up by them. */
const mostValues = 100;

let stored = 0;

/** Holds what a SELECT gives, in a table of the workspace. */
export async function keep(lake: Lakehouse, table: string, select: string): Promise<Held> {
  const {relation, count} = await store(lake, select);
  return {table, relation, columns: await described(lake, relation), count};
}

/** Stores what a SELECT gives under a name that nothing else has. */
export async function store({workspace}: Lakehouse, select: string): Promise<Pick<Held, "relation" | "count">> {
  const relation = `held_${++stored}`;
  const [row] = await workspace.connection.rows<{Count: bigint}>(`CREATE TABLE ${relation} AS ${select}`);
  return {relation, count: Number(row!.Count)};
}

/** The rows held, or the first of them by the columns named. */
export async function readHeld(lake: Lakehouse, held: Held, order: readonly string[], limit?: number): Promise<Rows> {
  const by = order.filter((name) => held.columns.some((column) => column.name === name)).map(identifier);
  const result = await lake.workspace.connection.native.runAndReadAll(
    `FROM ${held.relation} ORDER BY ${by.length > 0 ? by.join(", ") : "ALL"}${limit === undefined ? "" : ` LIMIT ${limit}`}`
  );
  return {columns: held.columns.map(({name}) => name), count: held.count, rows: result.getRows()};
}

/** The columns of a table, or of a view. */
export async function columnsOf(lake: Lakehouse, table: string): Promise<readonly Column[]> {
  if (!isView(lake.catalog, table)) return (await lake.catalog.snapshot(table))?.columns ?? [];
  await defineTables(lake.workspace, lake.catalog, [table]);
  return described(lake, table);
}

/** A SELECT of a table's rows that are in each of the slices by a column that it has: those of a view are computed. */
export async function relationOf(lake: Lakehouse, table: string, slices: readonly Slice[]): Promise<string> {
  const {catalog, workspace} = lake;
  if (!isView(catalog, table)) return slicedRows(catalog, table, slices);
  const slice = slices.find(({column}) => column === catalog.models.get(table)!.increment);
  await defineTables(workspace, catalog, [table], slice && {slice});
  const columns = await described(lake, table);
  const conditions = slices
    .filter(({column}) => columns.some(({name}) => name === column))
    .map((slice) => among(columns, slice));
  return `SELECT * FROM ${table}${conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : ""}`;
}

/** The values that a column has in rows, as text; undefined where it has none, one of them is NULL, or they are many. */
export async function valuesOf(lake: Lakehouse, held: Held, column: string): Promise<Values | undefined> {
  if (!held.columns.some(({name}) => name === column)) return undefined;
  const rows = await lake.workspace.connection.rows<{value: string | null}>(
    `SELECT DISTINCT CAST(${identifier(column)} AS VARCHAR) AS value FROM ${held.relation} ORDER BY value LIMIT ${mostValues + 1}`
  );
  const values = rows.map(({value}) => value);
  return values.length === 0 || values.length > mostValues || values.includes(null) ? undefined : (values as string[]);
}

/** SQL that is true for the rows that have one of the values. */
export function among(columns: readonly Column[], slice: Slice): string {
  return holdsOneOf(slice, columns.find(({name}) => name === slice.column)!.type);
}

async function described({workspace}: Pick<Lakehouse, "workspace">, relation: string): Promise<readonly Column[]> {
  const columns = await workspace.connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${relation}`);
  return columns.map(({column_name, column_type}) => ({name: column_name, type: column_type}));
}
