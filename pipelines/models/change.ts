import {damageOf} from "../delta/damage.js";
import {readCommits} from "../delta/log.js";
import {bounds, scan} from "../delta/scan.js";
import {distinct, holdsOneOf, type Slice, type Values} from "../delta/slice.js";
import {commitIdAt, readSnapshot, type Snapshot} from "../delta/snapshot.js";
import type {Catalog} from "./catalog.js";
import {once} from "./once.js";

/** A table as something read it: which table (a rebuilt one has a new id) at which version. */
export interface TableVersion {
  readonly id: string;
  readonly version: number;
  /**
   * Identifies the commit of that version, as a log that lost its newest entry gives the number again. Undefined where
   * it was not recorded.
   */
  readonly commit?: string;
}

/** A snapshot's table, version and commit. */
export function versionOf({metadata, version, commitId}: Snapshot): TableVersion {
  return {id: metadata.id, version, ...(commitId !== undefined && {commit: commitId})};
}

/** Whether a table still has the version that something read, made by the same commit. */
export async function isStillThere(snapshot: Snapshot, before: TableVersion): Promise<boolean> {
  if (snapshot.metadata.id !== before.id || snapshot.version < before.version) return false;
  if (before.commit === undefined) return true;
  const commit =
    snapshot.version === before.version ? snapshot.commitId : await commitIdAt(snapshot.root, before.version);
  return commit === before.commit;
}

/** What an input's rows did between two versions. */
export type Change =
  | {readonly kind: "none"}
  /** Can't be told any more, or concerns every row. */
  | {readonly kind: "all"; readonly reason: string}
  | {
      readonly kind: "rows";
      /** A SELECT of the rows that were gained or lost. */
      readonly changed: string;
      /** The rows in the files that hold these: there are no more of them. */
      readonly most: number;
      /** A SELECT of the rows that were lost; undefined when none were. */
      readonly lost?: string;
      /** The increment values that the commits themselves say they touched. */
      readonly touched?: Slice;
      /** A SELECT of rows with the changed ones among them, cheaper to run; undefined where only `changed` tells. */
      readonly near?: string;
      /** The values of a column in the changed files, no row read; undefined when the log doesn't say. */
      told(column: string): Values | undefined;
    };

/** Learns from a table's log what its rows have done since a version of it. */
export async function changeOf(catalog: Catalog, table: string, before: TableVersion): Promise<Change> {
  let found = await catalog.snapshot(table);
  if (found && found.version < before.version) {
    // Another process has read a newer version than the one remembered here.
    catalog.forget(table);
    found = await catalog.snapshot(table);
  }
  if (!found) return {kind: "all", reason: `${table} is gone`};
  const after = found;
  return once(catalog, ["change", table, before, versionOf(after)], () => changeUpTo(catalog, after, table, before));
}

async function changeUpTo(catalog: Catalog, after: Snapshot, table: string, before: TableVersion): Promise<Change> {
  if (after.metadata.id !== before.id) return {kind: "all", reason: `${table} was created again`};
  if (!(await isStillThere(after, before)))
    return {kind: "all", reason: `version ${before.version} of ${table} is no longer in its log`};
  if (after.version === before.version) return {kind: "none"};
  const commits = await readCommits(after.root, before.version, after.version).catch(() => undefined);
  if (!commits) return {kind: "all", reason: `the log of ${table} no longer reaches back to version ${before.version}`};
  const old = (await readSnapshot(catalog.database, after.root, {version: before.version}))!;
  if (shapeOf(old) !== shapeOf(after)) return {kind: "all", reason: `the schema of ${table} changed`};
  const writes = commits.filter(({adds, removes}) => [...adds, ...removes].some(({dataChange}) => dataChange));
  if (writes.length === 0) return {kind: "none"};

  const held = new Set(old.files.map(({path}) => path));
  const holds = new Set(after.files.map(({path}) => path));
  const narrowed = touchedColumn(writes.map(({info}) => info?.touched));
  const select = (snapshot: Snapshot, files: Snapshot["files"]) => {
    const type = snapshot.columns.find(({name}) => name === narrowed?.column)?.type;
    const where = narrowed && type ? ` WHERE ${holdsOneOf(narrowed, type)}` : "";
    return `SELECT * FROM ${scan(snapshot, {files})}${where}`;
  };
  const addedFiles = after.files.filter(({path}) => !held.has(path));
  const removedFiles = old.files.filter(({path}) => !holds.has(path));
  // Our own commits only hold files whose rows differ; another program may have laid the same rows out anew.
  const isOurs = writes.every(({info}) => info?.run !== undefined);
  const told = (column: string) => (isOurs ? onlyValues(after, [...addedFiles, ...removedFiles], column) : undefined);
  const touched = narrowed && {touched: narrowed};
  // What a vacuum has removed, or an accident, can't be compared any more.
  if (await damageOf(removedFiles)) return {kind: "all", reason: `files that ${table} had before are gone`};
  const most = [...addedFiles, ...removedFiles].reduce((sum, {numRecords = Infinity}) => sum + numRecords, 0);
  if (removedFiles.length === 0) return {kind: "rows", changed: select(after, addedFiles), most, told, ...touched};
  const [gained, lost] = [select(after, addedFiles), select(old, removedFiles)];
  return {
    kind: "rows",
    ...(isOurs && narrowed && {near: `(${gained}) UNION ALL (${lost})`}),
    changed: `((${gained}) EXCEPT ALL (${lost})) UNION ALL ((${lost}) EXCEPT ALL (${gained}))`,
    lost: `(${lost}) EXCEPT ALL (${gained})`,
    most,
    told,
    ...touched
  };
}

/** The union of what the commits say they touched, where all of them say it, of one column. */
function touchedColumn(infos: readonly unknown[]): Slice | undefined {
  const notes = infos as (Slice | undefined)[];
  const column = notes[0]?.column;
  if (column === undefined || notes.some((note) => note?.column !== column)) return undefined;
  return {column, values: distinct(notes.flatMap((note) => note!.values))};
}

/** The values of a partition column, or of a text such as a month, in files that each have only one; none may be NULL. */
function onlyValues(snapshot: Snapshot, files: Snapshot["files"], column: string): Values | undefined {
  const isText = snapshot.columns.some(({name, type}) => name === column && type === "VARCHAR");
  if (!isText && !snapshot.partitionColumns.includes(column)) return undefined;
  const values = files.map((file) => {
    const {min, max} = bounds(snapshot, file, column) ?? {};
    return min === max ? min : undefined;
  });
  return values.includes(undefined) ? undefined : distinct(values as Values);
}

/** What makes every row another one when it changes. A property of the table, or a description, doesn't. */
function shapeOf({columns, partitionColumns}: Snapshot): string {
  return JSON.stringify([columns, partitionColumns]);
}
