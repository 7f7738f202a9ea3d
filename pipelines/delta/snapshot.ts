import {resolve} from "node:path";
import {fileURLToPath} from "node:url";
import type {Connection} from "../engines/duckdb.js";
import type {Add, Metadata, Protocol, Remove} from "./actions.js";
import {checkpointsIn, readCheckpoint} from "./checkpoint.js";
import {latestVersion, logFiles, padded, readCommits} from "./log.js";
import {refuseUnsupported} from "./protocol.js";
import {type Column, columnsOf} from "./schema.js";

/** A data file of a table, ready to be read. */
export interface DataFile extends Add {
  /** The file itself, an absolute path. */
  readonly file: string;
  readonly numRecords?: number;
}

/** A table as one version left it. */
export interface Snapshot {
  readonly root: string;
  readonly version: number;
  /** Identifies the commit that made this version; undefined where only a checkpoint is left of it. */
  readonly commitId?: string;
  /** The version of a checkpoint that can't be read; the log before it made up for it here. */
  readonly damagedCheckpoint?: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly string[];
  /** By path. */
  readonly files: readonly DataFile[];
  /** By application, the version up to which its work is in the table. */
  readonly transactions: ReadonlyMap<string, number>;
  /** Files that some older version had. */
  readonly tombstones: readonly Remove[];
}

/**
 * Reads a table as its newest version has it, or as a version given.
 *
 * @returns undefined where there is no table.
 * @throws Error when the version isn't there, or needs a feature that isn't supported, by its name.
 */
export async function readSnapshot(
  connection: Connection,
  root: string,
  at: {readonly version?: number} = {}
): Promise<Snapshot | undefined> {
  const latest = await latestVersion(root);
  if (latest < 0) return undefined;
  const version = at.version ?? latest;
  const names = await logFiles(root);
  const first = names.includes(`${padded(0)}.json`) ? 0 : ([...checkpointsIn(names).keys()][0] ?? 0);
  if (version > latest || version < first)
    throw new Error(`version not found: ${version} of ${root}; the first is ${first}, the last is ${latest}`);
  const {checkpoint: start, damaged} = await readCheckpoint(connection, root, names, version);
  const commits = await readCommits(root, start?.version ?? -1, version);

  let {protocol, metadata} = start ?? {};
  const adds = new Map(start?.adds.map((add) => [add.path, add]));
  const removes = new Map(start?.removes.map((remove) => [remove.path, remove]));
  const transactions = new Map(start?.transactions.map((transaction) => [transaction.appId, transaction.version]));
  for (const commit of commits) {
    protocol = commit.protocol ?? protocol;
    metadata = commit.metadata ?? metadata;
    for (const remove of commit.removes) {
      adds.delete(remove.path);
      removes.set(remove.path, remove);
    }
    for (const add of commit.adds) {
      adds.set(add.path, add);
      removes.delete(add.path);
    }
    for (const {appId, version} of commit.transactions) transactions.set(appId, version);
  }
  if (!protocol || !metadata?.schemaString)
    throw new Error(`table not readable: version ${version} of ${root} has no ${protocol ? "schema" : "protocol"} yet`);
  refuseUnsupported(root, protocol, metadata, adds.values());
  const commitId = commits.at(-1)?.id ?? (await commitIdAt(root, version));
  return {
    root,
    version,
    ...(commitId !== undefined && {commitId}),
    ...(damaged !== undefined && {damagedCheckpoint: damaged}),
    protocol,
    metadata,
    columns: columnsOf(metadata.schemaString),
    partitionColumns: metadata.partitionColumns,
    files: [...adds.values()].sort((a, b) => (a.path < b.path ? -1 : 1)).map((add) => dataFile(root, add)),
    transactions,
    tombstones: [...removes.values()]
  };
}

/** Identifies the commit of a version; undefined where its log entry is gone, as after a clean-up of old entries. */
export async function commitIdAt(root: string, version: number): Promise<string | undefined> {
  const [commit] = await readCommits(root, version - 1, version).catch(() => []);
  return commit?.id;
}

/** A data file as an action of the log names it. */
function dataFile(root: string, add: Add): DataFile {
  const {path, partitionValues, size, modificationTime, dataChange, stats, tags} = add;
  const numRecords = /"numRecords"\s*:\s*(\d+)/.exec(stats ?? "")?.[1];
  return {
    path,
    partitionValues,
    size,
    modificationTime,
    dataChange,
    stats,
    tags,
    file: fileOf(root, path),
    ...(numRecords !== undefined && {numRecords: Number(numRecords)})
  };
}

/** Where the file is that a path of the log means: a URI, relative to the table's folder unless it says otherwise. */
function fileOf(root: string, path: string): string {
  try {
    if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return fileURLToPath(path);
    return resolve(root, decodeURIComponent(path));
  } catch {
    throw new Error(`data file not readable: ${path} of ${root} is no path of this machine; copy the table whole`);
  }
}
