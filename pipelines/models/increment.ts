import {bounds} from "../delta/scan.js";
import {daysBetween, distinct, type Values} from "../delta/slice.js";
import type {Snapshot} from "../delta/snapshot.js";
import {openWorkspace} from "../engines/workspace.js";
import {type Catalog, storedInputs} from "./catalog.js";
import type {Model} from "./model.js";
import {defineTables} from "./relations.js";
import {distinctValues} from "./touched.js";

/**
 * The values that a model's increment column can have, given all of its inputs: at least those there are. They are
 * read from the file statistics of the inputs that have the same increment; where there are none of those, from the
 * model's own SELECT.
 */
export async function incrementValues(catalog: Catalog, model: Model): Promise<Values> {
  const increment = model.increment;
  if (increment === undefined) return [];
  const values = new Set<string>();
  let known = false;
  for (const input of storedInputs(catalog, model.name)) {
    const snapshot = await catalog.snapshot(input);
    if (!snapshot || catalog.models.get(input)?.increment !== increment) continue;
    const found = valuesOfFiles(snapshot, increment);
    if (!found) return fromModel(catalog, model);
    for (const value of found) values.add(value);
    known = true;
  }
  return known ? distinct(values) : fromModel(catalog, model);
}

/** The values that a column can have in a table's files, by their statistics; undefined when those don't tell. */
export function valuesOfFiles(snapshot: Snapshot, column: string): Values | undefined {
  const isDate = snapshot.columns.some(({name, type}) => name === column && type === "DATE");
  const values = new Set<string>();
  for (const file of snapshot.files) {
    const range = bounds(snapshot, file, column);
    if (!range || (range.min !== range.max && !isDate)) return undefined;
    for (const value of range.min === range.max ? [range.min] : daysBetween(range.min, range.max)) values.add(value);
  }
  return distinct(values);
}

async function fromModel(catalog: Catalog, model: Model): Promise<Values> {
  const workspace = await openWorkspace(catalog.database);
  try {
    await defineTables(workspace, catalog, catalog.inputs.get(model.name) ?? []);
    return await distinctValues(workspace, model.sql, model.increment!);
  } finally {
    await workspace.close();
  }
}
