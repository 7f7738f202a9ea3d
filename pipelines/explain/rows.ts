import type {DuckDBValue} from "@duckdb/node-api";
import type {Column} from "../delta/schema.js";
import {distinct, holdsOneOf, type Slice} from "../delta/slice.js";
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
  /** The columns that have one value in all of them. */
  readonly shared: ReadonlySet<string>;
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

/** Holds rows of a table as it is: `keep` for a SELECT that gives the table's own columns. */
export async function keepRows(lake: Lakehouse, table: string, select: string): Promise<Held> {
  const columns = (await lake.catalog.snapshot(table))?.columns;
  return columns ? {table, columns, ...(await store(lake, select))} : keep(lake, table, select);
}

/** Stores what a SELECT gives under a name that nothing else has. */
export async function store({workspace}: Lakehouse, select: string): Promise<Pick<Held, "relation" | "count">> {
  const relation = `held_${++stored}`;
  const [row] = await workspace.connection.rows<{Count: bigint}>(`CREATE TABLE ${relation} AS ${select}`);
  return {relation, count: Number(row!.Count)};
}

/** The rows held, or the first of them by the columns named. */
export async function readHeld(lake: Lakehouse, held: Held, order: readonly string[], limit?: number): Promise<Rows> {
  const {connection} = lake.workspace;
  const names = held.columns.map(({name}) => name);
  const by = order.filter((name) => names.includes(name)).map(identifier);
  const result = await connection.native.runAndReadAll(
    `FROM ${held.relation} ORDER BY ${by.length > 0 ? by.join(", ") : "ALL"}${limit === undefined ? "" : ` LIMIT ${limit}`}`
  );
  const isShared = names.map((name) => `count(DISTINCT coalesce(CAST(${identifier(name)} AS VARCHAR), '')) = 1`);
  const one = await connection.native.runAndReadAll(`SELECT ${isShared.join(", ")} FROM ${held.relation}`);
  const shared = new Set(names.filter((_, index) => one.getRows()[0]![index] === true));
  return {columns: names, count: held.count, shared, rows: result.getRows()};
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

/**
 * The values that some columns have in rows, as text. A column is left out that isn't there, has none, or NULL, or too
 * many to look rows up by.
 */
export async function slicesOf(lake: Lakehouse, held: Held, columns: Iterable<string>): Promise<Slice[]> {
  const names = [...new Set(columns)].filter((name) => held.columns.some((column) => column.name === name));
  if (names.length === 0) return [];
  const values = names.map(
    (name) =>
      `CASE WHEN count(*) = count(${identifier(name)}) THEN list(DISTINCT CAST(${identifier(name)} AS VARCHAR)) END AS ${identifier(name)}`
  );
  const [row] = await lake.workspace.connection.rows<Record<string, string[] | null>>(
    `SELECT ${values.join(", ")} FROM ${held.relation}`
  );
  return names.flatMap((column) => {
    const found = row![column];
    return found && found.length <= mostValues ? [{column, values: distinct(found)}] : [];
  });
}

/** SQL that is true for the rows that have one of the values. */
export function among(columns: readonly Column[], slice: Slice): string {
  return holdsOneOf(slice, columns.find(({name}) => name === slice.column)!.type);
}

async function described({workspace}: Pick<Lakehouse, "workspace">, relation: string): Promise<readonly Column[]> {
  const columns = await workspace.connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${relation}`);
  return columns.map(({column_name, column_type}) => ({name: column_name, type: column_type}));
}
