import {join} from "node:path";
import {latestVersion} from "../delta/log.js";
import {readSnapshot, type Snapshot} from "../delta/snapshot.js";
import type {Connection} from "../engines/duckdb.js";
import type {TableVersion} from "./change.js";
import type {Model} from "./model.js";

/** The tables of a lake: those on disk at the versions in question, and the views between them. */
export interface Catalog {
  readonly folder: string;
  readonly database: Connection;
  /** The models by name; a table of the program's own, such as `ops.run`, has none. */
  readonly models: ReadonlyMap<string, Model>;
  /** What each model's SELECT reads, by its name. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** Where a table's files are. */
  root(table: string): string;
  /** A table as it stands, read once; undefined when it isn't there (yet). */
  snapshot(table: string): Promise<Snapshot | undefined>;
  /** Makes the next `snapshot` read the table anew, or all tables. */
  forget(table?: string): void;
}

/**
 * Opens a catalog of the newest versions, or of the versions given by table: others then are not there, but for the
 * records of the runs themselves.
 */
export function openCatalog(
  database: Connection,
  folder: string,
  {models, inputs}: {readonly models: readonly Model[]; readonly inputs: ReadonlyMap<string, readonly string[]>},
  versions?: ReadonlyMap<string, Pick<TableVersion, "version" | "commit">>
): Catalog {
  const snapshots = new Map<string, Promise<Snapshot | undefined>>();
  const root = (table: string) => join(folder, ...table.split("."));
  const read = async (table: string) => {
    if (!versions || records.includes(table)) return readSnapshot(database, root(table));
    const recorded = versions.get(table);
    return recorded && readRecorded(database, root(table), table, recorded);
  };
  return {
    folder,
    database,
    models: new Map(models.map((model) => [model.name, model])),
    inputs,
    root,
    snapshot(table) {
      const known = snapshots.get(table) ?? read(table);
      snapshots.set(table, known);
      return known;
    },
    forget: (table) => (table === undefined ? snapshots.clear() : void snapshots.delete(table))
  };
}

/**
 * Reads a table at the version that a run recorded.
 *
 * @throws Error when the log no longer has that version, or has another commit under its number
 */
async function readRecorded(
  database: Connection,
  root: string,
  table: string,
  {version, commit}: Pick<TableVersion, "version" | "commit">
): Promise<Snapshot> {
  const isThere = (await latestVersion(root)) >= version;
  const snapshot = isThere ? await readSnapshot(database, root, {version}) : undefined;
  if (snapshot && (commit === undefined || commit === snapshot.commitId)) return snapshot;
  throw new Error(
    `version ${version} of ${table} is no longer in its log, which has lost entries; npm run pipeline builds what was lost again`
  );
}

/** What the runs tell of themselves is read as it stands, whichever run the rest is read as of. */
const records = ["ops.run", "ops.erasure", "quality.check_failure"];

/** Whether a name is a view: computed when it is read. */
export function isView(catalog: Pick<Catalog, "models">, table: string): boolean {
  return catalog.models.get(table)?.stored === false;
}

/** The stored tables that a model reads, those behind its views included, sorted. */
export function storedInputs(catalog: Catalog, model: string): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    for (const input of catalog.inputs.get(name) ?? []) {
      if (isView(catalog, input)) visit(input);
      else found.add(input);
    }
  };
  visit(model);
  return [...found].sort();
}

/** The views that a model reads, however deep, sorted: their text is part of what it says. */
export function viewsBehind(catalog: Pick<Catalog, "models" | "inputs">, model: string): string[] {
  const views = (catalog.inputs.get(model) ?? []).filter((input) => isView(catalog, input));
  return [...new Set(views.flatMap((view) => [view, ...viewsBehind(catalog, view)]))].sort();
}
