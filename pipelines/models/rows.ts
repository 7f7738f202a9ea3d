import {discardFiles, stageRows} from "../delta/stage.js";
import {append} from "../delta/write.js";
import {identifier, literal} from "../engines/duckdb.js";
import type {Catalog} from "./catalog.js";

/** Columns by name, with their DuckDB types. */
export type RowShape = Readonly<Record<string, string>>;

/** A table that the program writes, not a model. */
export interface ProgramTable {
  readonly table: string;
  readonly description: string;
  readonly shape: RowShape;
}

/**
 * Appends rows that the program itself makes, such as a run's record, to a table; the table is made when it isn't
 * there, with no rows if there are none. `info` is what the commit says of it besides.
 *
 * @returns false when another process committed first, and nothing was done: what to write may have changed.
 */
export async function writeRows(
  catalog: Catalog,
  table: string,
  description: string,
  shape: RowShape,
  rows: readonly Record<string, unknown>[],
  {run, transaction, info}: {run: number; transaction?: {appId: string; version: number}; info?: object}
): Promise<boolean> {
  const standing = await catalog.snapshot(table);
  if (standing && rows.length === 0) return true;
  const columns = Object.entries(shape).map(([name, type]) => ({name, type}));
  const target = {root: catalog.root(table), columns, partitionColumns: [], description};
  const files = rows.length > 0 ? await stageRows(catalog.database, selectOf(shape, rows), target) : [];
  const done = await append(catalog.database, standing, target, files, {
    ...(transaction && {transaction}),
    info: {run, reason: "recorded", rows: rows.length, ...info}
  });
  if (!done) await discardFiles(files.map(({file}) => file));
  catalog.forget(table);
  return done;
}

/** Rows as a SELECT of typed values. */
export function selectOf(shape: RowShape, rows: readonly Record<string, unknown>[]): string {
  const struct = JSON.stringify([shape]);
  const columns = Object.keys(shape).map((name) => `row.${identifier(name)}`);
  return `SELECT ${columns.join(", ")}
          FROM (SELECT unnest(from_json_strict(${literal(JSON.stringify(rows))}, ${literal(struct)})) AS row)`;
}
