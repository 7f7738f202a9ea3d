import {distinct, type Values} from "../delta/slice.js";
import {identifier} from "../engines/duckdb.js";
import type {Workspace} from "../engines/workspace.js";

/**
 * Which values of a column two sets of rows differ in, in any row: an order-independent digest of each value's rows
 * tells. Equal rows in another order, or in other files, don't differ.
 */
export async function differingValues(
  workspace: Workspace,
  columns: readonly string[],
  by: string,
  one: string,
  other: string
): Promise<Values> {
  const digests = (rows: string) =>
    `SELECT CAST(${identifier(by)} AS VARCHAR) AS value, ${digestOf(columns)} AS digest FROM (${rows}) GROUP BY 1`;
  const rows = await workspace.connection.rows<{value: string}>(
    `SELECT coalesce(one.value, other.value) AS value
     FROM (${digests(one)}) AS one FULL JOIN (${digests(other)}) AS other ON one.value = other.value
     WHERE one.digest IS DISTINCT FROM other.digest`
  );
  return distinct(rows.map(({value}) => value));
}

/** Whether two sets of rows differ at all. */
export async function differ(
  workspace: Workspace,
  columns: readonly string[],
  one: string,
  other: string
): Promise<boolean> {
  const [row] = await workspace.connection.rows<{differ: boolean}>(
    `SELECT (SELECT ${digestOf(columns)} FROM (${one})) IS DISTINCT FROM (SELECT ${digestOf(columns)} FROM (${other})) AS differ`
  );
  return row!.differ;
}

/**
 * SQL of a digest of rows that doesn't depend on their order: their count, and the sum of a 64-bit hash of each.
 * Columns are hashed as they are, so a change of type is a change of content.
 */
export function digestOf(columns: readonly string[]): string {
  return `count(*) || ':' || coalesce(sum(hash(${columns.map(identifier).join(", ")})), 0)`;
}
