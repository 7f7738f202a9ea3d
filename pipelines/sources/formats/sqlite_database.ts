import sqlite from "node-sqlite3-wasm";
import {identifier} from "../../engines/identifier.js";

/** A table of a database. */
export interface FoundTable {
  readonly kind: "table" | "view" | "virtual table";
  /** Its columns, those that are computed included. */
  readonly names: readonly string[];
  /** What its rows are numbered by, as SQL; nothing of a view, whose rows come in its own order. */
  readonly order: readonly string[];
}

/**
 * Opens a database file that nobody else uses, a copy: SQLite lays its locks beside a file, and takes its logs into it. Its views use no
 * functions but those that read.
 *
 * @throws Error when it is damaged
 */
export function openDatabase(copy: string): sqlite.Database {
  const database = new sqlite.Database(copy, {fileMustExist: true});
  try {
    // A write-ahead log is read without memory that is shared with other processes only so.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    // What a view sorts, without end perhaps, is not to fill the disk.
    database.exec("PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    const [check] = database.all("PRAGMA integrity_check(1)");
    if (check?.integrity_check !== "ok") throw new Error(`database damaged: ${check?.integrity_check}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws Error when there is none of that name */
export function tableIn(database: sqlite.Database, table: string): FoundTable {
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

/** The tables and views of a database, with the number of their rows. */
export function tablesIn(database: sqlite.Database): {name: string; rows: number}[] {
  return database
    .all(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    .map(({name}) => ({
      name: String(name),
      rows: Number(database.get(`SELECT count(*) AS rows FROM ${identifier(String(name))}`)?.rows)
    }));
}
