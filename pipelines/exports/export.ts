import {randomUUID} from "node:crypto";
import {realpath, rename, rm, stat} from "node:fs/promises";
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from "node:path";
import {onDisk, refuseUnwritable} from "../delta/ground.js";
import {quoteName} from "../engines/workspace.js";
import type {Lakehouse} from "../lakehouse.js";
import {isView} from "../models/catalog.js";
import {writeCsv} from "./csv.js";
import {writeDuckDB} from "./duckdb.js";
import {writeParquet} from "./parquet.js";

export type ExportFormat = "parquet" | "csv" | "duckdb";

/** A table that was written, and where. */
export interface Exported {
  readonly table: string;
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes tables for other tools: a Parquet or a CSV file each, or one DuckDB file. A file is there whole or not at
 * all; one of an export before is replaced.
 *
 * @param tables all of Gold by default; a DuckDB file also has the tables that its views read
 * @throws Error when a table isn't there, or the folder is the lake's or in it
 */
export async function exportTables(
  lake: Lakehouse,
  folder: string,
  format: ExportFormat,
  tables?: readonly string[]
): Promise<Exported[]> {
  const there = await lake.tables();
  const unknown = tables?.find((table) => !there.includes(table));
  if (unknown !== undefined) throw new Error(`table to export not found: ${unknown}; there are ${there.join(", ")}`);
  const wanted = tables ?? there.filter((table) => table.startsWith("gold."));
  await refuseLake(lake.catalog.folder, folder);
  return onDisk(folder, "each file there is whole, of this export or of one before", async () => {
    await refuseUnwritable(folder, "export elsewhere");
    return format === "duckdb" ? exportToOneFile(lake, folder, wanted) : exportToFiles(lake, folder, wanted, format);
  });
}

/** @throws Error where files would lie among a lake's own: a table, and an erasure's search, would take them for theirs. */
async function refuseLake(lake: string, folder: string): Promise<void> {
  const [inside, around] = [await realFolder(folder), await realpath(lake)];
  const between = relative(around, inside);
  const isWithin = between === "" || (between !== ".." && !between.startsWith(`..${sep}`) && !isAbsolute(between));
  if (isWithin)
    throw new Error(
      `export folder is in the lake: ${folder}; write to a folder beside it, such as ${join(around, "..", "export")}`,
      {
        cause: "usage"
      }
    );
}

/** A folder without links, also one that isn't there yet. */
async function realFolder(folder: string): Promise<string> {
  const path = resolve(folder);
  const real = await realpath(path).catch(() => undefined);
  return real ?? join(await realFolder(dirname(path)), basename(path));
}

async function exportToFiles(
  lake: Lakehouse,
  folder: string,
  tables: readonly string[],
  format: "parquet" | "csv"
): Promise<Exported[]> {
  const {connection} = lake.workspace;
  const write = {parquet: writeParquet, csv: writeCsv}[format];
  await lake.define(tables);
  const exported: Exported[] = [];
  for (const table of tables) {
    const file = join(folder, `${table}.${format}`);
    const bytes = await whole(file, (draft) => write(connection, table, draft));
    exported.push({table, file, rows: await rowsIn(lake, table), bytes});
  }
  return exported;
}

async function exportToOneFile(lake: Lakehouse, folder: string, wanted: readonly string[]): Promise<Exported[]> {
  const {catalog, project, workspace} = lake;
  const tables = withWhatViewsRead(lake, wanted);
  await lake.define(tables);
  const entries = tables.map((name) => {
    const model = catalog.models.get(name);
    return {name, description: model?.description ?? "", ...(isView(catalog, name) && {view: model!.sql})};
  });
  const file = join(folder, "wattlake.duckdb");
  const bytes = await whole(file, (draft) =>
    writeDuckDB(
      workspace.connection,
      entries,
      project.macros.map(({sql}) => sql),
      draft
    )
  );
  const exported: Exported[] = [];
  for (const table of tables) exported.push({table, file, rows: await rowsIn(lake, table), bytes});
  return exported;
}

/** The tables, each view after what it reads. */
function withWhatViewsRead({catalog}: Lakehouse, tables: readonly string[]): string[] {
  const found = new Set<string>();
  const add = (name: string) => {
    if (isView(catalog, name)) for (const input of catalog.inputs.get(name) ?? []) add(input);
    found.add(name);
  };
  for (const table of tables) add(table);
  return [...found];
}

async function rowsIn(lake: Lakehouse, table: string): Promise<number> {
  const [row] = await lake.workspace.connection.rows<{count: bigint}>(
    `SELECT count(*) AS count FROM ${quoteName(table)}`
  );
  return Number(row!.count);
}

/** Lets a file be written under a name that nobody reads, then gives it its own. */
async function whole(file: string, write: (draft: string) => Promise<void>): Promise<number> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await write(draft);
    // What a reader of the DuckDB file before left in its log is not for this one.
    await rm(`${file}.wal`, {force: true});
    await rename(draft, file);
    return (await stat(file)).size;
  } finally {
    await rm(draft, {force: true});
    await rm(`${draft}.wal`, {force: true});
  }
}
