import {existsSync} from "node:fs";
import {resolve} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import type {Metadata} from "./actions.js";
import {checkpointInterval, checkpointOf, writeCheckpoint} from "./checkpoint.js";
import {type CommitInput, commit, createTable, metadataOf} from "./commit.js";
import {bounds, filesWhere, scan} from "./scan.js";
import type {Column} from "./schema.js";
import {daysBetween, holdsOneOf, type Slice} from "./slice.js";
import {type DataFile, readSnapshot, type Snapshot} from "./snapshot.js";
import {discardFiles, stageRows} from "./stage.js";
import type {NewFile} from "./stats.js";

/** Where a table is, and what it is like. */
export interface Target {
  readonly root: string;
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly string[];
  /** What a row is; readers of other engines see it too. */
  readonly description: string;
}

/** What a commit says of itself. */
export interface Note {
  /** Makes the commit happen once: the version up to which this application's work is in the table. */
  readonly transaction?: {readonly appId: string; readonly version: number};
  readonly info: Readonly<Record<string, unknown>>;
}

function inputOf({info, transaction}: Note): Pick<CommitInput, "info" | "transactions"> {
  return {info, ...(transaction && {transactions: [transaction]})};
}

/**
 * Commits staged files beside those that stand, or makes the table with them. Columns that the table doesn't have yet
 * are added to it; rows that stand have NULL there.
 *
 * @returns false when another process committed first, and nothing was done.
 */
export async function append(
  connection: Connection,
  standing: Snapshot | undefined,
  target: Target,
  files: readonly NewFile[],
  note: Note
): Promise<boolean> {
  const input = {...inputOf(note), adds: files, removes: [], operation: standing ? "WRITE" : "CREATE TABLE AS SELECT"};
  if (!standing) return createTable(target.root, target, input);
  const isNew = ({name}: Column) => standing.columns.every((column) => column.name !== name);
  const metadata = target.columns.some(isNew) ? metadataOf(target, standing.metadata) : undefined;
  const version = await commit(standing, {...input, ...(metadata && {metadata})});
  if (version !== undefined) await checkpointIfDue(connection, target.root, version);
  return version !== undefined;
}

/**
 * Commits staged files in the place of a slice's rows, or of all rows. Rows of other values that lie in the same
 * files as the slice's are written anew.
 *
 * @returns false when another process committed first, and nothing was done.
 */
export async function replace(
  connection: Connection,
  standing: Snapshot,
  target: Target,
  files: readonly NewFile[],
  slice: Slice | undefined,
  note: Note
): Promise<boolean> {
  const removes = slice ? filesWhere(standing, slice.column, slice.values) : standing.files;
  const mixed = slice ? removes.filter((file) => !liesWithin(standing, file, slice)) : [];
  const kept = slice ? await stageKept(connection, standing, mixed, slice) : [];
  const metadata = metadataOf(target, standing.metadata);
  const reshaped = shapeOf(metadata) !== shapeOf(standing.metadata);
  const input = {...inputOf(note), adds: [...files, ...kept], removes, operation: "WRITE", ...(reshaped && {metadata})};
  const version = await commit(standing, input).catch(async (error) => {
    await discardFiles(kept.map(({file}) => file));
    throw error;
  });
  if (version === undefined) await discardFiles(kept.map(({file}) => file));
  else await checkpointIfDue(connection, target.root, version);
  return version !== undefined;
}

/**
 * How long the log remembers a removed file at least, so that other writers don't take it for a stray: the protocol's
 * week. One that is still there is remembered longer, or a vacuum of a longer retention would take it for a stray.
 */
const tombstoneRetention = 7 * 24 * 60 * 60 * 1000;

/**
 * Writes a checkpoint when one is due. It only saves readers time, and the commit before it has already happened: a
 * checkpoint that can't be written fails nothing.
 */
export async function checkpointIfDue(connection: Connection, root: string, version: number): Promise<void> {
  if (version % checkpointInterval !== 0) return;
  // If it fails, the next one that is due will stand in for it.
  await checkpointAt(connection, root, version).catch(() => undefined);
}

/** Writes the checkpoint of a version, in the place of one that can't be read where there is such a one. */
export async function checkpointAt(connection: Connection, root: string, version: number): Promise<void> {
  const whole = checkpointOf((await readSnapshot(connection, root, {version}))!);
  await writeCheckpoint(connection, root, {
    ...whole,
    removes: whole.removes.filter(
      ({path, deletionTimestamp}) =>
        (deletionTimestamp ?? 0) > Date.now() - tombstoneRetention ||
        existsSync(resolve(root, decodeURIComponent(path)))
    )
  });
}

function shapeOf({schemaString, partitionColumns, description}: Metadata): string {
  return JSON.stringify([schemaString, partitionColumns, description]);
}

/** Whether every row of a file is one of the slice's, as far as the log knows. */
function liesWithin(snapshot: Snapshot, file: DataFile, {column, values}: Slice): boolean {
  const range = bounds(snapshot, file, column);
  if (!range) return false;
  const wanted = new Set(values);
  if (range.min === range.max) return wanted.has(range.min);
  const isDate = snapshot.columns.some(({name, type}) => name === column && type === "DATE");
  return isDate && daysBetween(range.min, range.max).every((day) => wanted.has(day));
}

/** Writes the rows that are none of the slice's to files of their own, one a partition. */
async function stageKept(
  connection: Connection,
  standing: Snapshot,
  mixed: readonly DataFile[],
  slice: Slice
): Promise<NewFile[]> {
  const {root, columns, partitionColumns} = standing;
  const type = columns.find(({name}) => name === slice.column)!.type;
  const partitions = new Map<string, DataFile[]>();
  for (const file of mixed) {
    const key = JSON.stringify(partitionColumns.map((name) => file.partitionValues[name] ?? null));
    partitions.set(key, [...(partitions.get(key) ?? []), file]);
  }
  const kept: NewFile[] = [];
  for (const files of partitions.values()) {
    const rows = `SELECT * FROM ${scan(standing, {files})} WHERE (${holdsOneOf(slice, type)}) IS NOT TRUE`;
    const [column] = partitionColumns;
    const value = partitionColumns.length === 1 ? files[0]!.partitionValues[column!] : undefined;
    kept.push(
      ...(await stageRows(connection, rows, {root, columns, partitionColumns, ...(value && {partition: value})}))
    );
  }
  return kept;
}
