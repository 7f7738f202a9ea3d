import type {Connection} from "../engines/duckdb.js";
import type {Tracer} from "./lineage/expression.js";
import {directUses, type Input, indirectUses, type Use} from "./lineage/inputs.js";
import {rowsOfQuery} from "./lineage/query.js";
import {nothingRead} from "./lineage/scope.js";
import {parse} from "./parse.js";
import {aggregateFunctions} from "./rowwise.js";

export {isDirect, type Use} from "./lineage/inputs.js";

/** A column of an input table, and how it is used: each way once, the direct ones first. */
export interface UsedColumn {
  readonly table: string;
  readonly column: string;
  readonly uses: readonly Use[];
}

/** Where the columns of a SELECT come from. */
export interface ColumnLineage {
  /** In the order of the SELECT; one made of no column, such as a constant or `count(*)`, has no inputs. */
  readonly columns: readonly {readonly name: string; readonly inputs: readonly UsedColumn[]}[];
  /** What decides which rows there are, and bears on every column by that: joins, filters, groups, order. */
  readonly rows: readonly UsedColumn[];
}

/**
 * Finds for each column that a SELECT gives the columns of its input tables that it comes from, and how, as
 * OpenLineage's facet of column lineage (1-2-0) tells them apart: directly as identity, transformation or aggregation,
 * indirectly as join, group_by, filter, sort, window or conditional. `rows` is that facet's `dataset`.
 *
 * The parse tree is read, nothing is run: through common table expressions, subqueries, joins, USING, set operations,
 * `*`, lambdas and recursion. Macros and functions count as transformations of their arguments, or as aggregations.
 *
 * @param columns by the dotted name of each table that the SELECT reads, the names of its columns
 * @throws Error for a table or a column that isn't there, and for what hides columns: COLUMNS, PIVOT, `*` of a table
 * function.
 */
export async function columnLineage(
  connection: Connection,
  sql: string,
  columns: ReadonlyMap<string, readonly string[]>
): Promise<ColumnLineage> {
  const {node} = await parse(connection, sql);
  const tables = [...columns].map(([table, names]) => [table.toLowerCase(), {table, columns: names}] as const);
  const tracer: Tracer = {
    tables: new Map(tables),
    aggregates: await aggregateFunctions(connection, node),
    query: (inner, scope) => rowsOfQuery(tracer, inner, scope)
  };
  const rows = tracer.query(node, {from: nothingRead, tables: new Map()});
  return {
    columns: rows.columns.map(({name, inputs}) => ({name, inputs: grouped(inputs)})),
    rows: grouped(rows.deciding)
  };
}

const uses: readonly Use[] = [...directUses, ...indirectUses];

/** Inputs by table and column, sorted, each with its uses in order. */
export function grouped(inputs: readonly Input[]): UsedColumn[] {
  const found = new Map<string, {table: string; column: string; uses: Set<Use>}>();
  for (const {table, column, use} of inputs) {
    const key = `${table}.${column}`;
    const entry = found.get(key) ?? {table, column, uses: new Set()};
    found.set(key, entry);
    entry.uses.add(use);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => ({...entry, uses: uses.filter((use) => entry.uses.has(use))}));
}
