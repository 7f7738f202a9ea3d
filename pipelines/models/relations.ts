import {filesWhere, scan} from "../delta/scan.js";
import {holdsOneOf, type Slice} from "../delta/slice.js";
import type {Workspace} from "../engines/workspace.js";
import {type Catalog, isView} from "./catalog.js";

/**
 * Makes the dotted names of tables mean something in a workspace: their rows on disk, or of those the slice. A name
 * in `instead` stands for that SELECT, as it is.
 *
 * @throws Error `table not found: …` for a name that is neither on disk nor a view.
 */
export async function defineTables(
  workspace: Workspace,
  catalog: Catalog,
  tables: Iterable<string>,
  {slice, instead = new Map()}: {slice?: Slice; instead?: ReadonlyMap<string, string>} = {}
): Promise<void> {
  const defined = new Set<string>();
  const define = async (table: string): Promise<void> => {
    if (defined.has(table)) return;
    defined.add(table);
    const substitute = instead.get(table);
    if (substitute !== undefined) return workspace.define(table, substitute);
    if (isView(catalog, table)) {
      for (const input of catalog.inputs.get(table) ?? []) await define(input);
      return workspace.define(table, catalog.models.get(table)!.sql);
    }
    await workspace.define(table, await rowsOf(catalog, table, slice));
  };
  for (const table of tables) await define(table);
}

/** A SELECT of a stored table's rows, or of its slice, that touches only the files that can hold them. */
export async function rowsOf(catalog: Catalog, table: string, slice?: Slice): Promise<string> {
  const snapshot = await catalog.snapshot(table);
  if (!snapshot) throw new Error(`table not found: ${table}; npm run -s lake -- tables lists those there are`);
  const column = snapshot.columns.find(({name}) => name === slice?.column);
  if (!slice || !column) return scan(snapshot);
  const files = filesWhere(snapshot, column.name, slice.values);
  return `SELECT * FROM ${scan(snapshot, {files})} WHERE ${holdsOneOf(slice, column.type)}`;
}
