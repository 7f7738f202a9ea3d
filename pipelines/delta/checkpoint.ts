import {randomUUID} from "node:crypto";
import {rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type Connection, literal} from "../engines/duckdb.js";
import type {Add, Metadata, Protocol, Remove, Transaction} from "./actions.js";
import {logFolder, padded} from "./log.js";

/** A table as a checkpoint holds it: what the log up to its version comes to. */
export interface Checkpoint {
  readonly version: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly adds: readonly Add[];
  readonly removes: readonly Remove[];
  readonly transactions: readonly Transaction[];
}

/** A checkpoint is written with every so many versions, so that a reader starts from it and not from version 0. */
export const checkpointInterval = 10;

/** Every checkpoint in a log by its version: the names of its parts, all of which must be there. */
function checkpointsIn(names: readonly string[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  const parts = new Map<string, string[]>();
  for (const name of names) {
    const match = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/.exec(name);
    if (!match) continue;
    const [, version, , of] = match;
    if (of === undefined) found.set(Number(version), [name]);
    else parts.set(`${version}.${of}`, [...(parts.get(`${version}.${of}`) ?? []), name].sort());
  }
  for (const [key, files] of parts) {
    const [version, of] = key.split(".").map(Number) as [number, number];
    if (files.length === of && !found.has(version)) found.set(version, files);
  }
  return found;
}

/**
 * Reads the newest checkpoint that isn't after a version; undefined where there is none, and the log has to be read
 * from its beginning. The log's own names are believed, not `_last_checkpoint`, which may lag behind or be torn.
 */
export async function readCheckpoint(
  connection: Connection,
  root: string,
  names: readonly string[],
  version: number
): Promise<Checkpoint | undefined> {
  const candidates = [...checkpointsIn(names)].filter(([at]) => at <= version).sort(([a], [b]) => b - a);
  for (const [at, files] of candidates) {
    const checkpoint = await readFiles(connection, root, at, files).catch(() => undefined);
    if (checkpoint) return checkpoint;
  }
  return undefined;
}

async function readFiles(
  connection: Connection,
  root: string,
  version: number,
  files: readonly string[]
): Promise<Checkpoint> {
  const list = files.map((name) => literal(join(logFolder(root), name).replaceAll(/[*?[]/g, "[$&]")));
  const source = `read_parquet([${list.join(", ")}], union_by_name = true, hive_partitioning = false)`;
  const present = await connection.rows<{column_name: string}>(`DESCRIBE SELECT * FROM ${source}`);
  const has = new Set(present.map(({column_name}) => column_name));
  const actions = async <T>(name: string): Promise<T[]> => {
    if (!has.has(name)) return [];
    // Maps come out of to_json as objects, which is what a log entry has them as.
    const rows = await connection.rows<{action: string}>(
      `SELECT CAST(to_json(${name}) AS VARCHAR) AS action FROM ${source} WHERE ${name} IS NOT NULL`
    );
    return rows.map(({action}) => JSON.parse(action));
  };
  const [protocol] = await actions<Protocol>("protocol");
  const [metadata] = await actions<Metadata>("metaData");
  if (!protocol || !metadata) throw new Error(`checkpoint not whole: version ${version} of ${root}`);
  return {
    version,
    protocol,
    metadata,
    adds: await actions<Add>("add"),
    removes: await actions<Remove>("remove"),
    transactions: await actions<Transaction>("txn")
  };
}

/** The columns of a checkpoint, as the protocol has them. */
const shape = `{
  protocol: 'STRUCT("minReaderVersion" INTEGER, "minWriterVersion" INTEGER)',
  metaData: 'STRUCT(id VARCHAR, "name" VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, "options" MAP(VARCHAR, VARCHAR)), "schemaString" VARCHAR, "partitionColumns" VARCHAR[], "createdTime" BIGINT, configuration MAP(VARCHAR, VARCHAR))',
  txn: 'STRUCT("appId" VARCHAR, "version" BIGINT, "lastUpdated" BIGINT)',
  add: 'STRUCT(path VARCHAR, "partitionValues" MAP(VARCHAR, VARCHAR), size BIGINT, "modificationTime" BIGINT, "dataChange" BOOLEAN, stats VARCHAR, tags MAP(VARCHAR, VARCHAR))',
  remove: 'STRUCT(path VARCHAR, "deletionTimestamp" BIGINT, "dataChange" BOOLEAN, "extendedFileMetadata" BOOLEAN, "partitionValues" MAP(VARCHAR, VARCHAR), size BIGINT)'
}`;

/** Writes a checkpoint. A reader sees all of it or nothing, as two that write the same one do. */
export async function writeCheckpoint(connection: Connection, root: string, checkpoint: Checkpoint): Promise<void> {
  const {version, protocol, metadata, adds, removes, transactions} = checkpoint;
  const actions = [
    {protocol},
    {metaData: metadata},
    ...transactions.map((txn) => ({txn})),
    ...adds.map((add) => ({add: {...add, dataChange: false}})),
    ...removes.map((remove) => ({remove: {...remove, dataChange: false}}))
  ];
  const name = `${padded(version)}.checkpoint.parquet`;
  const draft = join(logFolder(root), `.${name}.${randomUUID()}`);
  try {
    await writeFile(`${draft}.json`, actions.map((action) => `${JSON.stringify(action)}\n`).join(""));
    await connection.run(
      `COPY (SELECT * FROM read_json(${literal(`${draft}.json`)}, format = 'newline_delimited', columns = ${shape}))
       TO ${literal(`${draft}.tmp`)} (FORMAT parquet)`
    );
    await rename(`${draft}.tmp`, join(logFolder(root), name));
    const hint = {version, size: actions.length, numOfAddFiles: adds.length};
    await writeFile(`${draft}.hint`, JSON.stringify(hint));
    await rename(`${draft}.hint`, join(logFolder(root), "_last_checkpoint"));
  } finally {
    for (const suffix of ["json", "tmp", "hint"]) await rm(`${draft}.${suffix}`, {force: true});
  }
}
