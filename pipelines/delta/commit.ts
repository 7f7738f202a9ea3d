import {randomUUID} from "node:crypto";
import {link, open, rm} from "node:fs/promises";
import {join} from "node:path";
import {makeFolder} from "../engines/folder.js";
import {reach} from "../observe/steps.js";
import {version as programVersion} from "../version.js";
import type {Add, Metadata, Transaction} from "./actions.js";
import {diskFault, flush} from "./ground.js";
import {logFolder, padded} from "./log.js";
import {refuseUnwritable} from "./protocol.js";
import {type Column, schemaString} from "./schema.js";
import type {DataFile, Snapshot} from "./snapshot.js";

/** What one commit does. */
export interface CommitInput {
  readonly adds: readonly Add[];
  readonly removes: readonly DataFile[];
  /** Whether the removed rows are gone from the table, as they are unless it is only laid out anew. */
  readonly dataChange?: boolean;
  /** The table's new schema, where it changes. */
  readonly metadata?: Metadata;
  readonly transactions?: readonly Transaction[];
  /** What the commit says of itself: run, inputs, reason. */
  readonly info: Readonly<Record<string, unknown>>;
  /** The protocol's word for it: `WRITE`. */
  readonly operation: string;
}

/** What a new table is like. */
export interface TableDefinition {
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly string[];
  readonly description: string;
}

/**
 * Makes a table with its first commit.
 *
 * @returns false when there is one already.
 */
export async function createTable(root: string, definition: TableDefinition, input: CommitInput): Promise<boolean> {
  const metadata = metadataOf(definition);
  const protocol = {protocol: {minReaderVersion: 1, minWriterVersion: 2}};
  return putCommit(root, 0, [...actionsOf(input), protocol, {metaData: metadata}]);
}

/** A table's metadata: of a table that stands with its identity kept. */
export function metadataOf({columns, partitionColumns, description}: TableDefinition, standing?: Metadata): Metadata {
  return {
    id: standing?.id ?? randomUUID(),
    ...(description && {description}),
    format: {provider: "parquet", options: {}},
    schemaString: schemaString(columns),
    partitionColumns,
    configuration: standing?.configuration ?? {},
    createdTime: standing?.createdTime ?? Date.now()
  };
}

/**
 * Commits on top of a snapshot.
 *
 * @returns the new version; undefined when another process was first, and nothing was done.
 * @throws Error when the table asks more of its writers than is done here, by the name of it
 */
export async function commit(snapshot: Snapshot, input: CommitInput): Promise<number | undefined> {
  refuseUnwritable(
    snapshot.root,
    snapshot.protocol,
    snapshot.metadata,
    input.removes.length > 0 && input.dataChange !== false
  );
  const version = snapshot.version + 1;
  const metadata = input.metadata ? [{metaData: input.metadata}] : [];
  return (await putCommit(snapshot.root, version, [...actionsOf(input), ...metadata])) ? version : undefined;
}

function actionsOf({adds, removes, dataChange = true, transactions = [], info, operation}: CommitInput): object[] {
  const now = Date.now();
  return [
    {
      commitInfo: {
        timestamp: now,
        operation,
        operationParameters: {},
        isBlindAppend: removes.length === 0,
        engineInfo: `wattlake/${programVersion}`,
        txnId: randomUUID(),
        ...info
      }
    },
    ...transactions.map((transaction) => ({txn: {...transaction, lastUpdated: now}})),
    ...removes.map(({path, partitionValues, size}) => ({
      remove: {path, deletionTimestamp: now, dataChange, extendedFileMetadata: true, partitionValues, size}
    })),
    ...adds.map(({path, partitionValues, size, modificationTime, dataChange, stats, tags}) => ({
      add: {path, partitionValues, size, modificationTime, dataChange, stats, tags}
    }))
  ];
}

/**
 * Puts a log entry in place if nobody has yet, whole or not at all. A link fails where a name is taken; a rename
 * would silently replace what another process has just committed.
 */
async function putCommit(root: string, version: number, actions: readonly object[]): Promise<boolean> {
  const folder = logFolder(root);
  await makeFolder(folder);
  const draft = join(folder, `.${padded(version)}.${randomUUID()}.tmp`);
  try {
    await writeWhole(draft, actions.map((action) => `${JSON.stringify(action)}\n`).join(""));
    reach("before link");
    await link(draft, join(folder, `${padded(version)}.json`));
  } catch (error: any) {
    if (error.code === "EEXIST") return false;
    throw diskFault(error, root);
  } finally {
    // Once linked, it is committed: nothing from here on may fail, or its data files would be discarded.
    await rm(draft, {force: true}).catch(() => undefined);
  }
  reach("after link");
  await flush(folder);
  return true;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
