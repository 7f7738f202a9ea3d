import {randomUUID} from "node:crypto";
import {statSync} from "node:fs";
import {copyFile, readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {type Connection, identifier} from "../../engines/duckdb.js";
import {mostRejects, type RecordReject} from "./account.js";
import {writeWhole} from "./cut.js";
import type {FileReading} from "./file_reading.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";
import {uniqueNames} from "./scratch_table.js";
import {openDatabase, tableIn} from "./sqlite_database.js";
import {checkDatabase, logsOf, namesBeside, sqliteExtensions} from "./sqlite_files.js";
import {databasePieces} from "./sqlite_thread.js";
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
    columns(connection, files, limits) {
      const loaded = new Map<string, TextTable>();
      const tableOf = (names: readonly string[]) => {
        const key = JSON.stringify(names);
        const texts = loaded.get(key) ?? new TextTable(names);
        loaded.set(key, texts);
        return texts;
      };
      return eachFile(files, limits, (reading) => loadTable(connection, reading, table, tableOf));
    },
    select: (files, columns) => loadedRows(files, columns, columns.keys()),
    without: (connection, reading, draft, rows) =>
      withCopy(connection, reading, async (copy) => {
        deleteRows(copy, table, rows);
        await writeWhole(draft, await readFile(copy));
      })
  };
}

/** Deletes rows of a table, and writes the database anew from its first page, so that no page of it still has what was deleted. */
function deleteRows(copy: string, table: string, rows: ReadonlySet<number>): void {
  const database = openDatabase(copy);
  try {
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
  } finally {
    database.close();
  }
}

/** The tables and views of a database file, with the number of their rows. */
export async function databaseTables(
  connection: Connection,
  reading: FileReading
): Promise<readonly {readonly name: string; readonly rows: number}[]> {
  return withCopy(connection, reading, async (copy) => {
    let tables: readonly {readonly name: string; readonly rows: number}[] = [];
    for await (const piece of databasePieces(reading, {copy, table: undefined}))
      if (piece.kind === "tables") tables = piece.tables;
    return tables;
  });
}

/** Copies a table of a file into one of the connection, which `tableOf` gives for the columns that it has. */
async function loadTable(
  connection: Connection,
  reading: FileReading,
  table: string,
  tableOf: (names: readonly string[]) => TextTable
): Promise<FileColumns> {
  const note = checkDatabase(reading.file);
  return withCopy(connection, reading, async (copy) => {
    const pieces = databasePieces(reading, {copy, table});
    const first = await pieces.next();
    if (first.done || first.value.kind !== "columns") throw new Error(`table ${table} is missing`);
    const unique = uniqueNames(first.value.names);
    const rejects: RecordReject[] = [];
    let [kept, decoded] = [0, 0];
    async function* rows(): AsyncGenerator<TextRow> {
      for await (const piece of pieces) {
        if (piece.kind !== "rows") continue;
        rejects.push(...piece.rejects);
        if (rejects.length > mostRejects)
          throw new Error(`row ${rejects[0]!.row}: ${rejects[0]!.reason}; and so on for ${mostRejects} rows`);
        for (const row of piece.rows) {
          for (const text of row.texts) decoded += placeBytes + (text?.length ?? 0);
          yield row;
        }
        kept += piece.rows.length;
        reading.refuseSize(decoded);
      }
    }
    const texts = tableOf(unique);
    try {
      await texts.add(connection, reading.file, rows());
    } finally {
      await pieces.return(undefined);
    }
    const account = {
      encoding: "utf-8",
      ...{records: kept + rejects.length, rows: kept, rejected: rejects.length},
      ...{blank: 0, header: 0, preamble: 0, footer: 0},
      rejects,
      ...(note !== undefined && {note})
    };
    return Object.assign(loadedColumns(texts, unique), {account});
  });
}

/** What a value takes up beside its text: rows without any end, too. */
const placeBytes = 8;

/**
 * Does work on a copy of a database file and its logs, which is gone afterwards: the landing folder is not to be written to.
 *
 * @throws Error when the file isn't a whole database
 */
async function withCopy<T>(
  connection: Connection,
  reading: FileReading,
  work: (copy: string) => Promise<T>
): Promise<T> {
  const {file} = reading;
  checkDatabase(file);
  const copy = join(await connection.scratch(), `${randomUUID()}.db`);
  try {
    for (const part of [file, ...logsOf(file)]) {
      reading.refuseSize(statSync(part).size);
      await copyFile(part, copy + part.slice(file.length));
    }
    return await work(copy);
  } finally {
    for (const part of [copy, ...namesBeside(copy)]) await rm(part, {force: true});
  }
}
