import {randomUUID} from "node:crypto";
import {readFile, rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type Connection, identifier, literal, pathPattern} from "../engines/duckdb.js";
import type {Add, Metadata, Protocol, Remove, Transaction} from "./actions.js";
import {logFolder, padded, parseActions} from "./log.js";
import type {Snapshot} from "./snapshot.js";

/** A table as a checkpoint holds it: what the log up to its version comes to. */
export interface Checkpoint {
  readonly version: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly adds: readonly Add[];
  readonly removes: readonly Remove[];
  readonly transactions: readonly Transaction[];
}

/** Where a reader of the log starts. */
export interface Start {
  /** Undefined where there is no whole checkpoint: the log has to be read from its beginning. */
  readonly checkpoint?: Checkpoint;
  /** The newest version whose checkpoint can't be read; another reader may fail on it. */
  readonly damaged?: number;
}

/** A checkpoint is written with every so many versions, so that a reader starts from it and not from version 0. */
export const checkpointInterval = 10;

/**
 * Every whole checkpoint in a log by its version, oldest first: the names of its files. One file, or several parts
 * that must all be there, or the second kind, whose file has a UUID in its name and names further ones.
 */
export function checkpointsIn(names: readonly string[]): Map<number, readonly string[]> {
  const found = new Map<number, string[]>();
  const parts = new Map<string, string[]>();
  for (const name of [...names].sort()) {
    const [, version, part, of, uuid] =
      /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10})|\.([0-9a-f-]{36}))?\.(?:parquet|json)$/.exec(name) ?? [];
    if (version === undefined || (!uuid && name.endsWith(".json"))) continue;
    if (part === undefined) {
      if (!uuid || !found.has(Number(version))) found.set(Number(version), [name]);
      continue;
    }
    const whole = parts.get(`${version}.${of}`) ?? [];
    parts.set(`${version}.${of}`, whole);
    if (whole.push(name) === Number(of) && !found.has(Number(version))) found.set(Number(version), whole);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

/**
 * Reads the newest checkpoint that isn't after a version and can be read. The log's own names are believed, not
 * `_last_checkpoint`, which may lag behind or be torn.
 *
 * @throws Error of a checkpoint that can't be read where the log before it is gone, so that nothing stands in for it
 */
export async function readCheckpoint(
  connection: Connection,
  root: string,
  names: readonly string[],
  version: number
): Promise<Start> {
  const candidates = [...checkpointsIn(names)].filter(([at]) => at <= version).reverse();
  const failures: {at: number; error: unknown}[] = [];
  const damaged = () => (failures[0] ? {damaged: failures[0].at} : {});
  for (const [at, files] of candidates) {
    try {
      return {checkpoint: await readFiles(connection, root, at, files), ...damaged()};
    } catch (error) {
      failures.push({at, error});
    }
  }
  if (failures[0] && !names.includes(`${padded(0)}.json`)) throw failures[0].error;
  return damaged();
}

async function readFiles(
  connection: Connection,
  root: string,
  version: number,
  names: readonly string[]
): Promise<Checkpoint> {
  const folder = logFolder(root);
  const files = names.map((name) => join(folder, name));
  const text = files[0]!.endsWith(".json") ? parseActions(await readFile(files[0]!, "utf8"), files[0]!) : undefined;
  const all = text
    ? async (action: string) => text.map((line) => line[action]).filter(Boolean)
    : await parquetActions(connection, files);
  const [protocol]: Protocol[] = await all("protocol");
  const [metadata]: Metadata[] = await all("metaData");
  if (!protocol || !metadata) throw new Error(`checkpoint not whole: version ${version} of ${root}`);
  const sidecars = (await all("sidecar")).map(({path}: Add) => join(folder, "_sidecars", decodeURIComponent(path)));
  const aside = sidecars.length > 0 ? await parquetActions(connection, sidecars) : async () => [];
  return {
    version,
    protocol,
    metadata,
    adds: [...(await all("add")), ...(await aside("add"))],
    removes: [...(await all("remove")), ...(await aside("remove"))],
    transactions: await all("txn")
  };
}

/** Reads the actions of a kind, as a log entry would have them, from Parquet files with a column for each kind. */
async function parquetActions(connection: Connection, files: readonly string[]): Promise<(action: string) => any> {
  const list = files.map(pathPattern);
  const source = `read_parquet([${list.join(", ")}], union_by_name = true, hive_partitioning = false)`;
  const present = await connection.rows<{column_name: string; column_type: string}>(`DESCRIBE SELECT * FROM ${source}`);
  const has = new Set(present.map(({column_name}) => column_name));
  // A run reads a checkpoint of every table, and a statement costs more than the rows of most: one reads all kinds.
  if (!present.some(({column_type}) => column_type.includes("_parsed"))) {
    const rows = await connection.rows<{json: string}>(
      `SELECT CAST(to_json(entry) AS VARCHAR) AS json FROM ${source} AS entry`
    );
    const entries = rows.map(({json}) => JSON.parse(json));
    return async (action) => entries.map((entry) => entry[action]).filter(Boolean);
  }
  return async (action) => {
    if (!has.has(action)) return [];
    const fields = await connection.rows<{column_name: string}>(`DESCRIBE SELECT ${action}.* FROM ${source}`);
    const names = fields.map(({column_name}) => column_name);
    // Statistics as columns may hold an infinity, which JSON has not; of them the count is taken.
    const plain = names.filter((name) => !name.endsWith("_parsed")).map((name) => `${action}.${identifier(name)}`);
    const count = names.includes("stats_parsed") ? `${action}.stats_parsed."numRecords"` : "NULL";
    // Maps come out of to_json as objects, which is what a log entry has them as.
    const rows = await connection.rows<{json: string; count: bigint | null}>(
      `SELECT CAST(to_json(action) AS VARCHAR) AS json, count FROM (
         SELECT (SELECT action FROM (SELECT ${plain.join(", ")}) AS action) AS action, ${count} AS count
         FROM ${source} WHERE ${action} IS NOT NULL)`
    );
    return rows.map(({json, count}) => {
      const told = JSON.parse(json);
      return count === null || told.stats ? told : {...told, stats: `{"numRecords":${count}}`};
    });
  };
}

/** What a checkpoint says of a table as a snapshot has it. */
export function checkpointOf({version, protocol, metadata, files, tombstones, transactions}: Snapshot): Checkpoint {
  return {
    version,
    protocol,
    metadata,
    adds: files.map(({path, partitionValues, size, modificationTime, dataChange, stats, tags}) => ({
      path,
      partitionValues,
      size,
      modificationTime,
      dataChange,
      stats,
      tags
    })),
    removes: tombstones,
    transactions: [...transactions].map(([appId, version]) => ({appId, version}))
  };
}

/** The columns of a checkpoint, as the protocol has them. */
const shape = `{
  protocol: 'STRUCT("minReaderVersion" INTEGER, "minWriterVersion" INTEGER, "readerFeatures" VARCHAR[], "writerFeatures" VARCHAR[])',
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
