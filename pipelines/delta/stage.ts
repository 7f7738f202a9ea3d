import {randomUUID} from "node:crypto";
import {open, rm} from "node:fs/promises";
import {dirname, join} from "node:path";
import {type Connection, identifier, literal, pathPattern} from "../engines/duckdb.js";
import {makeFolder} from "../engines/folder.js";
import {reach} from "../observe/steps.js";
import {scan} from "./scan.js";
import type {Column} from "./schema.js";
import {type CopiedFile, dataFilesFromCopy, type NewFile} from "./stats.js";

/** Where the rows of a SELECT go: a table's folder, and how it is divided. */
export interface Stage {
  readonly root: string;
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly string[];
  /** The one partition that all the rows are in, where that is known: they then go to one file, in their order. */
  readonly partition?: string;
  /** Columns that are texts of a dictionary (ENUM) in what the SELECT gives. */
  readonly texts?: readonly string[];
}

/**
 * Writes the rows of a SELECT to new Parquet files under a table's folder. Nobody reads them before a commit names
 * them. They are on the disk, not only in its cache, when this returns.
 *
 * @throws Error when a row is in another partition than the one named.
 */
export async function stageRows(connection: Connection, select: string, stage: Stage): Promise<NewFile[]> {
  const {root, columns, partitionColumns, partition} = stage;
  const copied =
    partitionColumns.length === 0 || partition !== undefined
      ? await copyToFile(connection, select, stage)
      : await copyToPartitions(connection, select, stage);
  const files = copied.filter(({count}) => Number(count) > 0);
  await discardFiles(copied.filter(({count}) => Number(count) === 0).map((file) => file.filename));
  for (const {filename} of files) await flush(filename);
  reach("after staging");
  const told = await Promise.all(files.map((file) => withTextBounds(connection, file, stage.texts ?? [])));
  return dataFilesFromCopy(root, told, columns);
}

/** Removes staged files that no commit names. */
export async function discardFiles(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, {force: true});
}

/** A SELECT of the rows in staged files. */
export function rowsOfFiles(
  columns: readonly Column[],
  partitionColumns: readonly string[],
  files: readonly NewFile[]
): string {
  return `SELECT * FROM ${scan({columns, partitionColumns, files})}`;
}

const format = "FORMAT parquet, COMPRESSION zstd, RETURN_STATS";

async function copyToFile(connection: Connection, select: string, stage: Stage): Promise<CopiedFile[]> {
  const {root, partition, partitionColumns} = stage;
  const [column] = partitionColumns;
  const folder = partition === undefined ? root : join(root, `${column}=${encodeURIComponent(partition)}`);
  const file = join(folder, `part-${randomUUID()}.parquet`);
  await makeFolder(dirname(file));
  let rows = select;
  if (partition !== undefined) {
    const name = identifier(column!);
    const elsewhere = literal(`a row of partition ${column}=${partition} has another ${column}: `);
    rows = `SELECT * EXCLUDE (${name}) FROM (${select})
            WHERE CASE WHEN CAST(${name} AS VARCHAR) = ${literal(partition)} THEN true ELSE error(${elsewhere} || ${name}) END`;
  }
  const copied = await copy(connection, `COPY (${rows}) TO ${literal(file)} (${format})`).catch(async (error) => {
    // What there is of it would only take up room: on a full disk, the room to mend things.
    await discardFiles([file]);
    const misplaced = /a row of partition .* has another .*/.exec(String(error));
    throw misplaced ? new Error(misplaced[0], {cause: error}) : error;
  });
  const keys = partition === undefined ? null : [{key: column!, value: partition}];
  return copied.map((row) => ({...row, partition_keys: keys}));
}

async function copyToPartitions(connection: Connection, select: string, stage: Stage): Promise<CopiedFile[]> {
  await makeFolder(stage.root);
  return copy(
    connection,
    `COPY (${select}) TO ${literal(stage.root)}
     (${format}, PARTITION_BY (${stage.partitionColumns.map(identifier).join(", ")}),
      FILENAME_PATTERN 'part-{uuid}', APPEND)`
  );
}

/** Runs a `COPY … (RETURN_STATS)` and returns what it says of each file, with the digits it has. */
async function copy(connection: Connection, statement: string): Promise<CopiedFile[]> {
  const reader = await connection.native.runAndReadAll(statement);
  return reader.getRowObjectsJson() as unknown as CopiedFile[];
}

/**
 * DuckDB says no bounds of a column of a dictionary, and writes the dictionary's own into the file, which may be wider.
 * Those there are cost little: where there are few texts, they are found in Parquet's dictionary, not in the rows.
 */
async function withTextBounds(connection: Connection, file: CopiedFile, texts: readonly string[]): Promise<CopiedFile> {
  const isTold = (name: string) =>
    file.column_statistics.some(
      ({key, value}) => key === identifier(name) && value.some((entry) => entry.key === "min")
    );
  const selects = texts
    .filter((name) => !isTold(name))
    .map(
      (name) => `SELECT ${literal(identifier(name))} AS key, min(text) AS min, max(text) AS max
                 FROM (SELECT DISTINCT ${identifier(name)} AS text FROM read_parquet(${pathPattern(file.filename)}, hive_partitioning = false))`
    );
  if (selects.length === 0) return file;
  const rows = await connection.rows<{key: string; min: string | null; max: string | null}>(
    selects.join(" UNION ALL ")
  );
  const bounds = new Map(rows.map(({key, min, max}) => [key, {min, max}]));
  return {
    ...file,
    column_statistics: file.column_statistics.map((column) => {
      const {min, max} = bounds.get(column.key) ?? {};
      if (min == null || max == null) return column;
      return {...column, value: [...column.value, {key: "min", value: min}, {key: "max", value: max}]};
    })
  };
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
