import {bounds, scan} from "../delta/scan.js";
import {daysBetween, distinct, type Values} from "../delta/slice.js";
import type {Snapshot} from "../delta/snapshot.js";
import {identifier} from "../engines/duckdb.js";
import {openWorkspace, type Workspace} from "../engines/workspace.js";
import {type Catalog, storedInputs} from "./catalog.js";
import type {Model} from "./model.js";
import {defineTables, rowsOf} from "./relations.js";
import {distinctValues} from "./touched.js";

/**
 * The values that a model's increment column can have, given all of its inputs: at least those there are. They are
 * those of the inputs that have the same increment; where there are none, of the inputs that carry the column; where
 * there are none of those either, of the model's own SELECT.
 */
export async function incrementValues(catalog: Catalog, model: Model): Promise<Values> {
  const increment = model.increment;
  if (increment === undefined) return [];
  const carriers: string[] = [];
  for (const input of storedInputs(catalog, model.name)) {
    const snapshot = await catalog.snapshot(input);
    if (snapshot?.columns.some(({name}) => name === increment)) carriers.push(input);
  }
  const drivers = carriers.filter((input) => catalog.models.get(input)?.increment === increment);
  const inputs = drivers.length > 0 ? drivers : carriers;
  if (inputs.length === 0) return fromModel(catalog, model);
  const values: string[] = [];
  for (const input of inputs) {
    const told = valuesOfFiles((await catalog.snapshot(input))!, increment);
    values.push(...(told ?? (await fromRows(catalog, await rowsOf(catalog, input), increment))));
  }
  return distinct(values);
}

/** The values that a column can have in a table's files, by their statistics; undefined when those don't tell. */
function valuesOfFiles(snapshot: Snapshot, column: string): Values | undefined {
  const isDate = snapshot.columns.some(({name, type}) => name === column && type === "DATE");
  const values = new Set<string>();
  for (const file of snapshot.files) {
    const range = bounds(snapshot, file, column);
    if (!range || (range.min !== range.max && !isDate)) return undefined;
    for (const value of range.min === range.max ? [range.min] : daysBetween(range.min, range.max)) values.add(value);
  }
  return distinct(values);
}

/** The values that a column has in a stored table. */
export async function standingValues(catalog: Catalog, table: string, column: string): Promise<Values> {
  const told = valuesOfFiles((await catalog.snapshot(table))!, column);
  return (
    told ??
    fromRows(catalog, `SELECT * FROM (${await rowsOf(catalog, table)}) WHERE ${identifier(column)} IS NOT NULL`, column)
  );
}

/** Whether a stored table has rows whose value of a column is NULL. Only files that may have such rows are read. */
export async function hasRowsWithout(catalog: Catalog, table: string, column: string): Promise<boolean> {
  const snapshot = (await catalog.snapshot(table))!;
  const files = snapshot.files.filter((file) => bounds(snapshot, file, column) === undefined);
  if (files.length === 0 || !snapshot.columns.some(({name}) => name === column)) return false;
  const workspace = await openWorkspace(catalog.database);
  try {
    return await holdsNull(workspace, `SELECT * FROM ${scan(snapshot, {files})}`, column);
  } finally {
    await workspace.close();
  }
}

/** Whether a SELECT gives a row whose value of a column is NULL. */
export async function holdsNull(workspace: Workspace, select: string, column: string): Promise<boolean> {
  const rows = await workspace.connection.rows(`SELECT 1 FROM (${select}) WHERE ${identifier(column)} IS NULL LIMIT 1`);
  return rows.length > 0;
}

async function fromModel(catalog: Catalog, model: Model): Promise<Values> {
  return fromRows(catalog, model.sql, model.increment!, catalog.inputs.get(model.name));
}

async function fromRows(
  catalog: Catalog,
  select: string,
  column: string,
  tables: readonly string[] = []
): Promise<Values> {
  const workspace = await openWorkspace(catalog.database);
  try {
    await defineTables(workspace, catalog, tables, {hold: true});
    return await distinctValues(workspace, select, column);
  } finally {
    await workspace.close();
  }
}
