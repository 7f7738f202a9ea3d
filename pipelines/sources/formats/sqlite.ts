import {createHash} from "node:crypto";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import sqlite from "node-sqlite3-wasm";
import {type Connection, identifier, literal} from "../../engines/duckdb.js";
import {writeWhole} from "./cut.js";
import type {FileColumns, Reader} from "./reader.js";

/**
 * One table of SQLite database files. Any column may hold a value of any type there, so every value is text, a BLOB in
 * hexadecimal. Meant for tables that fit into memory: SQLite, compiled to WebAssembly, hands them over row by row.
 */
export function sqliteTable(table: string | undefined): Reader {
  if (table === undefined) throw new Error("no table named: a model of format sqlite has a line `-- table: name`");
  return {
    extensions: [".db", ".sqlite", ".sqlite3"],
    async columns(connection, files) {
      const columns = new Map<string, FileColumns>();
      for (const file of files) columns.set(file, await loadTable(connection, file, table));
      return columns;
    },
    select: (files, columns) =>
      files
        .map(
          (
            file
          ) => `SELECT ${[...columns.keys()].map(identifier).join(", ")}, ${literal(file)} AS landing_file, landing_row
                     FROM ${identifier(loadedName(file, table))}`
        )
        .join(" UNION ALL "),
    // Anew from its first page, so that no page of the file still has what was deleted.
    without: (_, file, draft, rows) =>
      withDatabase(
        file,
        async (database) => {
          const all = database.all(`SELECT rowid AS id FROM ${identifier(table)} ORDER BY rowid`);
          database.exec("PRAGMA secure_delete = ON; BEGIN");
          const statement = database.prepare(`DELETE FROM ${identifier(table)} WHERE rowid = ?`);
          for (const row of rows) statement.run([all[row - 1]!.id as number]);
          statement.finalize();
          database.exec("COMMIT; VACUUM");
        },
        draft
      )
  };
}

/** Copies a table of a file into the connection's catalog, under a name that tells the two. */
async function loadTable(connection: Connection, file: string, table: string): Promise<FileColumns> {
  return withDatabase(file, async (database) => {
    const names = database
      .all("SELECT name FROM pragma_table_info(?) ORDER BY cid", [table])
      .map(({name}) => String(name));
    if (names.length === 0) throw new Error(`table ${table} is missing`);
    const name = loadedName(file, table);
    const columns = names.map((column) => `${identifier(column)} VARCHAR`);
    await connection.run(`CREATE OR REPLACE TABLE ${identifier(name)} (${columns.join(", ")}, landing_row BIGINT)`);
    const values = names.map(
      (column) =>
        `CASE typeof(${identifier(column)}) WHEN 'blob' THEN hex(${identifier(column)}) ELSE CAST(${identifier(column)} AS TEXT) END AS ${identifier(column)}`
    );
    const statement = database.prepare(`SELECT ${values.join(", ")} FROM ${identifier(table)} ORDER BY rowid`);
    const appender = await connection.native.createAppender(name);
    try {
      let number = 0n;
      for (const row of statement.iterate()) {
        for (const column of names) {
          const value = row[column];
          if (value === null) appender.appendNull();
          else appender.appendVarchar(String(value));
        }
        appender.appendBigInt(++number);
        appender.endRow();
      }
    } finally {
      appender.closeSync();
      statement.finalize();
    }
    return new Map(names.map((column) => [column, "VARCHAR"]));
  });
}

function loadedName(file: string, table: string): string {
  return `${table} of ${createHash("sha256").update(file).digest("hex")}`;
}

/**
 * Opens a copy of a database file: SQLite lays its locks beside a file it opens, and the landing folder is not to be
 * written to. With `draft`, the copy may be changed, and is kept there.
 *
 * @throws Error when the file isn't a whole database: SQLite itself takes pages that are missing for empty ones.
 */
async function withDatabase<T>(
  file: string,
  work: (database: sqlite.Database) => Promise<T>,
  draft?: string
): Promise<T> {
  const bytes = await readFile(file);
  refuseTorn(bytes);
  const folder = await mkdtemp(join(tmpdir(), "wattlake-sqlite-"));
  try {
    const copy = join(folder, "copy.db");
    await writeFile(copy, withoutLog(bytes));
    const database = new sqlite.Database(copy, {fileMustExist: true, readOnly: draft === undefined});
    let result: T;
    try {
      const [check] = database.all("PRAGMA integrity_check(1)");
      if (check?.integrity_check !== "ok") throw new Error(`database damaged: ${check?.integrity_check}`);
      result = await work(database);
    } finally {
      database.close();
    }
    if (draft !== undefined) await writeWhole(draft, await readFile(copy));
    return result;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** By the header, as https://www.sqlite.org/fileformat.html has it in 1.3: a page's size at 16, the pages' count at 28. */
function refuseTorn(bytes: Buffer): void {
  if (bytes.subarray(0, 16).toString("latin1") !== "SQLite format 3\0" || bytes.length < 100)
    throw new Error("no SQLite database");
  const size = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  const whole = size * bytes.readUInt32BE(28);
  // A count is valid only with the change counter beside it: before version 3.7 nobody kept it.
  const isKept = bytes.readUInt32BE(24) === bytes.readUInt32BE(92);
  if (isKept && bytes.length < whole) throw new Error(`the file is cut off: ${bytes.length} of ${whole} bytes`);
}

/** A database that was written with a write-ahead log says so at 18 and 19, and isn't opened without one: 1 is without. */
function withoutLog(bytes: Buffer): Buffer {
  bytes[18] = 1;
  bytes[19] = 1;
  return bytes;
}
