import {open, rm} from "node:fs/promises";
import {resolve} from "node:path";
import {forgetVersions} from "../delta/forget.js";
import {discardFiles, stageRows} from "../delta/stage.js";
import {replace} from "../delta/write.js";
import {identifier, literal} from "../engines/duckdb.js";
import {type Catalog, isView, storedInputs} from "../models/catalog.js";
import {checkFailureTable} from "../models/check_failure.js";
import {digestOf} from "../models/digest.js";
import {rowsOf} from "../models/relations.js";
import type {ProgramTable} from "../models/rows.js";
import {runRecordTable} from "../models/run_record.js";
import {reach} from "../observe/steps.js";
import {fileAccountTable, recordRejectTable} from "../sources/file_account.js";
import {fileRejectTable} from "../sources/file_reject.js";
import {type Customer, isTouched, mentions, type Touched} from "./customer.js";
import {filesUnder} from "./files.js";
import {type Identities, idColumns} from "./identity.js";
import {isLong} from "./paths.js";

/** Columns that tell where in which file a row stood: of a file that is written anew, they are others. */
const whereabouts = new Set(["file", "sha256", "row_number", "file_row", "ingested_at"]);

/** The stored tables that models make, and that are there. */
export async function storedTables(catalog: Catalog): Promise<string[]> {
  const tables: string[] = [];
  for (const table of catalog.models.keys())
    if (!isView(catalog, table) && (await catalog.snapshot(table))) tables.push(table);
  return tables;
}

/** How many rows each table has. */
export async function rowCounts(catalog: Catalog): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await storedTables(catalog)) {
    const [row] = await catalog.database.rows<{count: bigint}>(
      `SELECT count(*) AS count FROM (${await rowsOf(catalog, table)})`
    );
    counts[table] = Number(row!.count);
  }
  return counts;
}

/** By table, a digest of the rows that name a meter or a location and are others', but for where they stood in files. */
export async function othersDigests(
  catalog: Catalog,
  touched: Touched,
  identities: Identities
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of await storedTables(catalog)) {
    const columns = (await catalog.snapshot(table))!.columns.map(({name}) => name);
    const ids = idColumns(columns, identities);
    if (ids.length === 0) continue;
    const named = ids.map((name) => `${name} IS NOT NULL`).join(" OR ");
    const [row] = await catalog.database.rows<{digest: string}>(
      `SELECT ${digestOf(columns.filter((name) => !whereabouts.has(name)))} AS digest
       FROM (${await rowsOf(catalog, table)}) WHERE (${named}) AND (${isTouched(touched, columns, identities)}) IS NOT TRUE`
    );
    digests[table] = row!.digest;
  }
  return digests;
}

/** The Bronze tables given, and every stored table that is made from them. */
export async function madeFrom(catalog: Catalog, tables: Iterable<string>): Promise<string[]> {
  const made = new Set(tables);
  const stored = await storedTables(catalog);
  for (let before = -1; before < made.size; ) {
    before = made.size;
    for (const table of stored) if (storedInputs(catalog, table).some((input) => made.has(input))) made.add(table);
  }
  return stored.filter((table) => made.has(table));
}

/**
 * Takes the customer's ids out of what the program itself writes: examples of rows that checks found go, names of files
 * and sentences stay without the ids.
 */
export async function scrubRecords(
  catalog: Catalog,
  {client}: Customer,
  ids: readonly string[],
  run: number
): Promise<void> {
  const isOthers = `(contains(examples, '"client_id"') AND NOT ${mentions("examples", [client])})`;
  const isHis = `(${mentions("examples", ids)} AND NOT ${isOthers})`;
  await rewrite(catalog, checkFailureTable, isHis, `SELECT * FROM rows WHERE (${isHis}) IS NOT TRUE`, run);
  const texts: readonly (readonly [ProgramTable, readonly string[]])[] = [
    [fileRejectTable, ["file", "reason"]],
    [fileAccountTable, ["file"]],
    [recordRejectTable, ["file", "reason"]],
    [runRecordTable, ["error"]]
  ];
  for (const [program, names] of texts) {
    const isNamed = names.map((name) => mentions(name, ids)).join(" OR ");
    const clean = names.map((name) => `${cleaned(name, ids)} AS ${identifier(name)}`).join(", ");
    await rewrite(catalog, program, isNamed, `SELECT * REPLACE (${clean}) FROM rows`, run);
  }
}

/** SQL of a text without the ids, as `replaced` has it. */
function cleaned(column: string, ids: readonly string[]): string {
  return [...ids]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, id) => {
      const without = `replace(${rest}, ${literal(id)}, 'erased')`;
      return isLong(id) ? without : `CASE WHEN ${mentions(identifier(column), [id])} THEN ${without} ELSE ${rest} END`;
    }, identifier(column));
}

/** Writes a table of the program's own anew where a row of it asks for it; `rows` stands for its rows. */
export async function rewrite(
  catalog: Catalog,
  {table, description}: ProgramTable,
  condition: string,
  select: string,
  run: number
): Promise<void> {
  for (;;) {
    const standing = await catalog.snapshot(table);
    if (!standing) return;
    const rows = await rowsOf(catalog, table);
    const [row] = await catalog.database.rows<{found: boolean}>(
      `SELECT count(*) > 0 AS found FROM (${rows}) WHERE ${condition}`
    );
    if (!row!.found) return;
    const {root, columns} = standing;
    const target = {root, columns, partitionColumns: [], description};
    const files = await stageRows(catalog.database, `WITH rows AS (${rows}) ${select}`, target);
    const note = {info: {run, reason: "a customer was erased"}};
    const done = await replace(catalog.database, standing, target, files, undefined, note);
    catalog.forget(table);
    if (done) return;
    await discardFiles(files.map(({file}) => file));
  }
}

/**
 * Removes the data files of tables that no version names and that aren't whole: what processes left that were killed while they
 * wrote. They hold rows that nobody can read, but that are there.
 */
export async function removeTorn(catalog: Catalog, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const named = new Set((await catalog.snapshot(table))?.files.map(({file}) => file));
    for (const file of await filesUnder(resolve(catalog.root(table))))
      if (file.endsWith(".parquet") && !named.has(file) && !(await isWhole(file))) await rm(file, {force: true});
  }
}

/** Whether a file ends as Parquet does: its footer is written last. */
async function isWhole(file: string): Promise<boolean> {
  const opened = await open(file, "r");
  try {
    const {size} = await opened.stat();
    const {buffer} = await opened.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return size >= 12 && buffer.toString("latin1") === "PAR1";
  } finally {
    await opened.close();
  }
}

/** Leaves nothing of the tables but their newest versions. */
export async function forgetTables(catalog: Catalog, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await forgetVersions(catalog.database, catalog.root(table));
    catalog.forget(table);
    reach("between purges");
  }
}
