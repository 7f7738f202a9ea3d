import {isUtf8} from "node:buffer";
import {copyFile, mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import sqlite from "node-sqlite3-wasm";
import {type Connection, identifier} from "../../engines/duckdb.js";
import type {RecordReject} from "./account.js";
import {writeWhole} from "./cut.js";
import type {FileColumns, Reader} from "./reader.js";
import {uniqueNames} from "./scratch_table.js";
import {checkDatabase, logsOf, sqliteExtensions} from "./sqlite_files.js";
import {loadedColumns, loadedRows, type TextRow, TextTable} from "./text_table.js";

/**
 * One table or view of SQLite database files, with the write-ahead log beside each. Any column may hold a value of any type
 * there, so every value is text, a BLOB in hexadecimal. Meant for tables that fit into memory: SQLite, compiled to
 * WebAssembly, hands them over row by row.
 */
export function sqliteTable(table: string | undefined): Reader {
  if (table === undefined) throw new Error("no table named: a model of format sqlite has a line `-- table: name`");
  return {
    extensions: sqliteExtensions,
    async columns(connection, files) {
      const columns = new Map<string, FileColumns | Error>();
      const loaded = new Map<string, TextTable>();
      const tableOf = (names: readonly string[]) => {
        const key = JSON.stringify(names);
        const texts = loaded.get(key) ?? new TextTable(names);
        loaded.set(key, texts);
        return texts;
      };
      for (const file of files)
        columns.set(file, await loadTable(connection, file, table, tableOf).catch((error: Error) => error));
      return columns;
    },
    select: (files, columns) => loadedRows(files, columns, columns.keys()),
    // Anew from its first page, so that no page of the file still has what was deleted.
    without: (_, file, draft, rows) =>
      withDatabase(
        file,
        async (database) => {
          const {kind, order} = tableIn(database, table);
          if (kind !== "table") throw new Error(`${table} is a ${kind}, whose rows are those of other tables`);
          if (order.length === 0) throw new Error(`the rows of table ${table} can't be told apart`);
          const keys = order.map((column, index) => `${column} AS k${index}`);
          const all = database.all(`SELECT ${keys.join(", ")} FROM ${identifier(table)} ORDER BY ${order.join(", ")}`);
          database.exec("PRAGMA secure_delete = ON; BEGIN");
          const statement = database.prepare(
            `DELETE FROM ${identifier(table)} WHERE ${order.map((column) => `${column} = ?`).join(" AND ")}`
          );
          for (const row of rows) {
            const found = all[row - 1];
            if (!found) throw new Error(`row ${row} not found in it`);
            statement.run(order.map((_, index) => found[`k${index}`] as string | number | bigint | Uint8Array));
          }
          statement.finalize();
          database.exec("COMMIT; PRAGMA journal_mode = DELETE; VACUUM");
        },
        draft
      )
  };
}

/** The tables and views of a database file, with the number of their rows. */
export async function databaseTables(file: string): Promise<{name: string; rows: number}[]> {
  checkDatabase(file);
  return withDatabase(file, async (database) =>
    database
      .all(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
      )
      .map(({name}) => ({
        name: String(name),
        rows: Number(database.get(`SELECT count(*) AS rows FROM ${identifier(String(name))}`)?.rows)
      }))
  );
}

/** A table of a database. */
interface FoundTable {
  readonly kind: "table" | "view" | "virtual table";
  /** Its columns, those that are computed included. */
  readonly names: readonly string[];
  /** What its rows are numbered by, as SQL; nothing of a view, whose rows come in its own order. */
  readonly order: readonly string[];
}

/** @throws Error when there is none of that name */
function tableIn(database: sqlite.Database, table: string): FoundTable {
  const [found] = database.all(
    "SELECT type, wr FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE",
    [table]
  );
  // 1: a hidden column of a virtual table.
  const columns = database.all("SELECT name, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid", [table]);
  if (!found || columns.length === 0) throw new Error(`table ${table} is missing`);
  const names = columns.map(({name}) => String(name));
  // Not the name of what is selected, which may be the same.
  const ofTable = (column: string) => `${identifier(table)}.${column}`;
  if (found.type === "view") return {kind: "view", names, order: []};
  const kind = found.type === "virtual" ? "virtual table" : "table";
  if (found.wr === 1) {
    const key = columns.filter(({pk}) => Number(pk) > 0).sort((a, b) => Number(a.pk) - Number(b.pk));
    return {kind, names, order: key.map(({name}) => ofTable(identifier(String(name))))};
  }
  // Any of these names may be that of a column, and stands for that then.
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const rowId = ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
  return {kind, names, order: rowId === undefined ? [] : [ofTable(rowId)]};
}

/** Copies a table of a file into one of the connection, which `tableOf` gives for the columns that it has. */
async function loadTable(
  connection: Connection,
  file: string,
  table: string,
  tableOf: (names: readonly string[]) => TextTable
): Promise<FileColumns> {
  const note = checkDatabase(file);
  return withDatabase(file, async (database) => {
    const {names, order} = tableIn(database, table);
    const unique = uniqueNames(names);
    // Text as its bytes: SQLite keeps any, and its text ends at a NUL for others.
    const values = names.map((column, index) => {
      const value = identifier(column);
      return `CASE typeof(${value}) WHEN 'blob' THEN hex(${value}) WHEN 'text' THEN CAST(${value} AS BLOB) ELSE CAST(${value} AS TEXT) END AS c${index}`;
    });
    const statement = database.prepare(
      `SELECT ${values.join(", ")} FROM ${identifier(table)} ${order.length > 0 ? `ORDER BY ${order.join(", ")}` : ""}`
    );
    const rejects: RecordReject[] = [];
    let number = 0;
    function* rows(): Generator<TextRow> {
      for (const row of statement.iterate()) {
        number++;
        const texts = names.map((_, index) => textOf(row[`c${index}`]));
        const fault = texts.findIndex((text) => text instanceof Error);
        if (fault < 0) yield {number, texts: texts as (string | null)[]};
        else {
          const {message} = texts[fault] as Error;
          rejects.push({line: null, row: number, text: shown(row, names), reason: `column ${names[fault]} ${message}`});
        }
      }
    }
    const texts = tableOf(unique);
    try {
      await texts.add(connection, file, rows());
    } finally {
      statement.finalize();
    }
    const account = {
      encoding: "utf-8",
      ...{records: number, rows: number - rejects.length, rejected: rejects.length},
      ...{blank: 0, header: 0, preamble: 0, footer: 0},
      rejects,
      ...(note !== undefined && {note})
    };
    return Object.assign(loadedColumns(texts, unique), {account});
  });
}

/** A value as text; what is wrong with it, where it is none. */
function textOf(value: unknown): string | null | Error {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) return String(value);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  if (bytes.includes(0)) return new Error("has a NUL character");
  return isUtf8(bytes) ? bytes.toString("utf8") : new Error("has bytes that aren't UTF-8");
}

/** A row as it is listed among the rejected. */
function shown(row: Record<string, unknown>, names: readonly string[]): string {
  const values = names.map((name, index) => {
    const value = row[`c${index}`];
    return [name, value instanceof Uint8Array ? Buffer.from(value).toString("utf8").replaceAll("\0", "\u2400") : value];
  });
  return JSON.stringify(Object.fromEntries(values)).slice(0, 500);
}

/**
 * Opens a copy of a database file and its logs: SQLite lays its locks beside a file it opens, takes its logs into it, and the
 * landing folder is not to be written to. With `draft`, the copy may be changed, and is kept there.
 *
 * @throws Error when the file isn't a whole database
 */
async function withDatabase<T>(
  file: string,
  work: (database: sqlite.Database) => Promise<T>,
  draft?: string
): Promise<T> {
  checkDatabase(file);
  const folder = await mkdtemp(join(tmpdir(), "wattlake-sqlite-"));
  try {
    const copy = join(folder, "copy.db");
    await copyFile(file, copy);
    for (const log of logsOf(file)) await copyFile(log, copy + log.slice(file.length));
    const database = new sqlite.Database(copy, {fileMustExist: true});
    let result: T;
    try {
      // A write-ahead log is read without memory that is shared with other processes only so.
      database.exec("PRAGMA locking_mode = EXCLUSIVE");
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
