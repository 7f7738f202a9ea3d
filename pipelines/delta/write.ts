import {existsSync} from "node:fs";
import {resolve} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import type {Metadata} from "./actions.js";
import {checkpointInterval, checkpointOf, writeCheckpoint} from "./checkpoint.js";
import {type CommitInput, commit, createTable, metadataOf} from "./commit.js";
import {cutOut} from "./kept.js";
import {defaultFileRows} from "./layout.js";
import type {Column} from "./schema.js";
import type {Slice} from "./slice.js";
import {readSnapshot, type Snapshot} from "./snapshot.js";
import {discardFiles} from "./stage.js";
import type {NewFile} from "./stats.js";

/** Where a table is, and what it is like. */
export interface Target {
  readonly root: string;
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly string[];
  /** What a row is; readers of other engines see it too. */
  readonly description: string;
  /** The columns that order the rows of a file that is made of several. */
  readonly order?: readonly string[];
  /** How many rows a file should have, about; `defaultFileRows` where it isn't given. */
  readonly fileRows?: number;
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
 * Commits staged files in the place of a slice's rows, or of all rows. Files without any of the slice's rows stay.
 * Files that also hold other rows are replaced, and their other rows are written to new files.
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
  const {order = [], fileRows = defaultFileRows} = target;
  const {removes, kept} = slice
    ? await cutOut(connection, standing, slice, {order, fileRows})
    : {removes: standing.files, kept: []};
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
