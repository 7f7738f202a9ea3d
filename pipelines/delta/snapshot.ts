import {resolve} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import type {Add, Metadata, Protocol, Remove} from "./actions.js";
import {readCheckpoint} from "./checkpoint.js";
import {latestVersion, logFiles, readCommits} from "./log.js";
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
  if (version > latest || version < 0)
    throw new Error(`version not found: ${version} of ${root}; the last is ${latest}`);
  const start = await readCheckpoint(connection, root, await logFiles(root), version);
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
  if (!protocol || !metadata) throw new Error(`table not readable: the log of ${root} has no protocol or no schema`);
  refuseUnsupported(root, protocol, metadata);
  return {
    root,
    version,
    protocol,
    metadata,
    columns: columnsOf(metadata.schemaString),
    partitionColumns: metadata.partitionColumns,
    files: [...adds.values()].sort((a, b) => (a.path < b.path ? -1 : 1)).map((add) => dataFile(root, add)),
    transactions,
    tombstones: [...removes.values()]
  };
}

/** A data file as an action of the log names it. */
export function dataFile(root: string, add: Add): DataFile {
  const path = decodeURIComponent(add.path);
  const numRecords = add.stats ? Number(/"numRecords"\s*:\s*(\d+)/.exec(add.stats)?.[1] ?? Number.NaN) : Number.NaN;
  return {...add, file: resolve(root, path), ...(Number.isNaN(numRecords) ? {} : {numRecords})};
}
