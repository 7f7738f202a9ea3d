import {allHoldOneOf, filesWhere, scan} from "../delta/scan.js";
import {holdsOneOf, type Slice} from "../delta/slice.js";
import type {Workspace} from "../engines/workspace.js";
import {type Catalog, isView} from "./catalog.js";

interface DefineOptions {
  readonly slice?: Slice;
  readonly instead?: ReadonlyMap<string, string>;
  /**
   * Whether views of few rows, by their headers, are worked out here and now: by default, where there is a slice. Or which views
   * are, whatever their headers say.
   */
  readonly hold?: boolean | ((view: string) => boolean);
}

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
  {slice, instead = new Map(), hold = slice !== undefined}: DefineOptions = {}
): Promise<void> {
  const defined = new Set<string>();
  const define = async (table: string): Promise<void> => {
    if (defined.has(table)) return;
    defined.add(table);
    const substitute = instead.get(table);
    if (substitute !== undefined) return workspace.define(table, substitute);
    if (isView(catalog, table)) {
      for (const input of catalog.inputs.get(table) ?? []) await define(input);
      const {sql, held} = catalog.models.get(table)!;
      const isHeld = typeof hold === "boolean" ? held && hold : hold(table);
      return isHeld ? workspace.hold(table, sql) : workspace.define(table, sql);
    }
    const rows = await rowsOf(catalog, table, slice);
    return (await isLookup(catalog, table, slice)) ? workspace.hold(table, rows) : workspace.define(table, rows);
  };
  for (const table of tables) await define(table);
}

/**
 * Whether a table is only looked into, like the calendar: it carries the column of the slice, but is built neither by
 * it nor by dates. The slice of it is held in memory, so that a join knows how few its rows are:
 * taking a year's slots for more than a month's days, it would hash the days, arrays and all.
 */
export async function isLookup(catalog: Catalog, table: string, slice: Slice | undefined): Promise<boolean> {
  const {increment, key = []} = catalog.models.get(table) ?? {};
  if (!slice || isOfArrivals(table, key) || increment === slice.column) return false;
  const {columns, files} = (await catalog.snapshot(table))!;
  return (
    !columns.some(({name, type}) => name === increment && type === "DATE") &&
    columns.some(({name}) => name === slice.column) &&
    files.reduce((sum, {numRecords = Infinity}) => sum + numRecords, 0) <= mostLookedUp
  );
}

/** Whether a table has a row for each that came in: no table is larger, and none is looked into but for what it is made of. */
function isOfArrivals(table: string, key: readonly string[]): boolean {
  return table.startsWith("bronze.") || key.includes("arrival");
}

/** Rows of a table that may be held: a century of slots in a few zones, some hundred megabytes at most. */
const mostLookedUp = 5_000_000;

/** By table, a SELECT of its columns and of no row: enough to describe what is made of them, and no file is opened. */
export async function withoutRows(catalog: Catalog, tables: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const selects = new Map<string, string>();
  for (const table of tables) {
    const snapshot = await catalog.snapshot(table);
    if (snapshot) selects.set(table, `SELECT * FROM ${scan(snapshot, {files: []})}`);
  }
  return selects;
}

/** A SELECT of a stored table's rows, or of its slice, that touches only the files that can hold them. */
export async function rowsOf(catalog: Catalog, table: string, slice?: Slice): Promise<string> {
  return slicedRows(catalog, table, slice ? [slice] : []);
}

/** A SELECT of the rows that are in each of the slices; of a slice by a column that the table doesn't have, all are. */
export async function slicedRows(catalog: Catalog, table: string, slices: readonly Slice[]): Promise<string> {
  const snapshot = await catalog.snapshot(table);
  if (!snapshot) {
    if (catalog.models.has(table)) throw new Error(`table not built yet: ${table}; npm run pipeline builds it`);
    throw new Error(`table not found: ${table}; npm run -s lake -- tables lists those there are`);
  }
  let {files} = snapshot;
  const conditions: string[] = [];
  for (const slice of slices) {
    const column = snapshot.columns.find(({name}) => name === slice.column);
    if (!column) continue;
    files = filesWhere({...snapshot, files}, column.name, slice.values);
    // A filter that leaves every row would still make the optimizer expect a fifth of them.
    if (!allHoldOneOf(snapshot, files, column.name, slice.values)) conditions.push(holdsOneOf(slice, column.type));
  }
  const rows = `SELECT * FROM ${scan(snapshot, {files})}`;
  return conditions.length > 0 ? `${rows} WHERE ${conditions.join(" AND ")}` : rows;
}
