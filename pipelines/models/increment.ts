import {bounds, scan} from "../delta/scan.js";
import {dayCount, daysBetween, distinct, type Values} from "../delta/slice.js";
import type {DataFile, Snapshot} from "../delta/snapshot.js";
import {identifier} from "../engines/duckdb.js";
import {openWorkspace, type Workspace} from "../engines/workspace.js";
import {type Catalog, storedInputs} from "./catalog.js";
import type {Model} from "./model.js";
import {defineTables} from "./relations.js";
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
    values.push(...(await standingValues(catalog, input, increment)));
  }
  return distinct(values);
}

/** The values that a column has in a stored table, or can have by its files' statistics. Files without any are read. */
export async function standingValues(catalog: Catalog, table: string, column: string): Promise<Values> {
  const snapshot = (await catalog.snapshot(table))!;
  const values = new Set<string>();
  const unclear: DataFile[] = [];
  for (const file of snapshot.files) {
    const told = valuesOfFile(snapshot, file, column);
    if (!told) unclear.push(file);
    for (const value of told ?? []) values.add(value);
  }
  if (unclear.length === 0) return distinct(values);
  const rows = `SELECT * FROM ${scan(snapshot, {files: unclear})} WHERE ${identifier(column)} IS NOT NULL`;
  return distinct([...values, ...(await fromRows(catalog, rows, column))]);
}

/** So many days are taken for there by a file's bounds; of a longer time most days may have no row. */
const mostDaysTold = 3_660;

/** The values that a column can have in a file, by its statistics; undefined where those don't say. */
function valuesOfFile(snapshot: Snapshot, file: DataFile, column: string): Values | undefined {
  const range = bounds(snapshot, file, column);
  if (!range || range.min === range.max) return range && [range.min];
  const isDate = snapshot.columns.some(({name, type}) => name === column && type === "DATE");
  return isDate && dayCount(range.min, range.max) <= mostDaysTold ? daysBetween(range.min, range.max) : undefined;
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
