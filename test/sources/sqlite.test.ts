import {copyFile, mkdir, mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {contentOf} from "../../pipelines/sources/arrivals.js";
import {FileReading} from "../../pipelines/sources/formats/file_reading.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {columnsOf} from "../../pipelines/sources/formats/reader.js";
import {sqliteTable} from "../../pipelines/sources/formats/sqlite.js";
import {landingEntries} from "../../pipelines/sources/landing_folder.js";

let folder: string;
let duckdb: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-sqlite-test-"));
  duckdb = await openDuckDB();
});
afterAll(async () => {
  duckdb.close();
  await rm(folder, {recursive: true});
});

/** A database made by statements; with `later`, these are written after it turned to WAL mode and are in its log alone. */
async function made(name: string, statements: string, later?: string): Promise<string> {
  const file = join(folder, name);
  const draft = join(folder, "draft.db");
  const database = new sqlite.Database(draft);
  database.exec(statements);
  if (later !== undefined) {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
    database.exec(later);
    await copyFile(`${draft}-wal`, `${file}-wal`);
  }
  await copyFile(draft, file);
  database.close();
  for (const left of await readdir(folder))
    if (left.startsWith("draft.db")) await rm(join(folder, left), {recursive: true});
  return file;
}

async function read(file: string, table = "t") {
  const reader = sqliteTable(table);
  const columns = await columnsOf(reader, duckdb, file, defaultLimits);
  const rows = await duckdb.rows(
    `SELECT * EXCLUDE (landing_file) FROM (${reader.select([file], columns)}) ORDER BY landing_row`
  );
  return {rows: rows.map((row) => Object.values(row)), names: [...columns.keys()], account: columns.account!};
}

const two = "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b')";

describe("a database in WAL mode", () => {
  it("is read with the log beside it, and left as it is", async () => {
    const file = await made("wal.db", two, "INSERT INTO t VALUES (3, 'c'); DELETE FROM t WHERE id = 1");
    const before = await contentOf(file);
    const {rows, account} = await read(file);
    expect(rows).toEqual([
      ["2", "b", 1n],
      ["3", "c", 2n]
    ]);
    expect(account.note).toBeUndefined();
    expect(await contentOf(file)).toEqual(before);
  });

  it("is said to lack rows, perhaps, where no log lies beside it", async () => {
    const file = await made("alone.db", two, "INSERT INTO t VALUES (3, 'c')");
    await rm(`${file}-wal`);
    const {rows, account} = await read(file);
    expect(rows).toHaveLength(2);
    expect(account.note).toMatch(
      /^the database is in WAL mode, and no -wal lies beside it: rows that were only in there/
    );
  });

  it("is another content once its log comes, and its log is no file of its own", async () => {
    const landing = join(folder, "landing");
    await mkdir(join(landing, "a"), {recursive: true});
    const file = await made("growing.db", two, "INSERT INTO t VALUES (3, 'c')");
    await copyFile(file, join(landing, "a", "x.db"));
    const {sha256} = await contentOf(join(landing, "a", "x.db"));
    await copyFile(`${file}-wal`, join(landing, "a", "x.db-wal"));
    await copyFile(`${file}-wal`, join(landing, "a", "other.db-wal"));
    expect((await contentOf(join(landing, "a", "x.db"))).sha256).not.toBe(sha256);
    expect((await landingEntries(landing)).files).toEqual(["a/other.db-wal", "a/x.db"]);
  });

  it("is one file without a log once rows are taken from it", async () => {
    const file = await made("gone.db", two, "INSERT INTO t VALUES (3, 'c')");
    const draft = join(folder, "without.db");
    await sqliteTable("t").without!(duckdb, new FileReading(file, defaultLimits), draft, new Set([2]));
    const {rows, account} = await read(draft);
    expect(rows.map(([id]) => id)).toEqual(["1", "3"]);
    expect(account.note).toBeUndefined();
  });
});

describe("a table", () => {
  it("without rowid is numbered by its key, and loses the rows of these numbers", async () => {
    const file = await made(
      "without_rowid.db",
      "CREATE TABLE t(v TEXT, c0 TEXT, n INTEGER, PRIMARY KEY (c0, n)) WITHOUT ROWID; INSERT INTO t VALUES ('1', 'b', 1), ('2', 'a', 2), ('3', 'a', 1)"
    );
    expect((await read(file)).rows.map(([v]) => v)).toEqual(["3", "2", "1"]);
    const draft = join(folder, "without_rowid_draft.db");
    await sqliteTable("t").without!(duckdb, new FileReading(file, defaultLimits), draft, new Set([2]));
    expect((await read(draft)).rows.map(([v]) => v)).toEqual(["3", "1"]);
  });

  it("that is a view is read, but no row can be taken from it", async () => {
    const file = await made("view.db", `${two}; CREATE VIEW seen AS SELECT id AS a, v || '!' AS b FROM t`);
    expect((await read(file, "seen")).rows).toEqual([
      ["1", "a!", 1n],
      ["2", "b!", 2n]
    ]);
    await expect(
      sqliteTable("seen").without!(duckdb, new FileReading(file, defaultLimits), join(folder, "d.db"), new Set([1]))
    ).rejects.toThrow("seen is a view, whose rows are those of other tables");
  });

  it("may have columns of any name", async () => {
    const file = await made(
      "names.db",
      `CREATE TABLE t(id INTEGER, rowid TEXT, landing_row TEXT, "Landing_File" TEXT, "" TEXT, "a ""b"" [c]" TEXT, c0 TEXT, k0 TEXT,
         doubled AS (id * 2), stored AS (id * 3) STORED);
       INSERT INTO t VALUES (7, 'x', 'r', 'f', 'e', 'q', 'c', 'k')`
    );
    const {names, rows} = await read(file);
    expect(rows).toEqual([["7", "x", "r", "f", "e", "q", "c", "k", "14", "21", 1n]]);
    expect(names.slice(0, 2)).toEqual(["id", "rowid"]);
    const draft = join(folder, "names_draft.db");
    await sqliteTable("t").without!(duckdb, new FileReading(file, defaultLimits), draft, new Set([1]));
    expect((await read(draft)).rows).toEqual([]);
  });

  it("has rows with NUL or bytes that aren't UTF-8 rejected one by one, and keeps the others", async () => {
    const file = await made(
      "damaged_text.db",
      `CREATE TABLE t(id INTEGER PRIMARY KEY, v);
       INSERT INTO t VALUES (1, 'good'), (2, 'a' || char(0) || 'b'), (3, CAST(x'61FF62' AS TEXT)), (4, x'00FF'), (5, ''), (6, 'Žemė'), (7, 0.5), (8, NULL)`
    );
    const {rows, account} = await read(file);
    expect(rows.map(([id, v]) => [id, v])).toEqual([
      ["1", "good"],
      ["4", "00FF"],
      ["5", ""],
      ["6", "Žemė"],
      ["7", "0.5"],
      ["8", null]
    ]);
    expect(rows.map((row) => row.at(-1))).toEqual([1n, 4n, 5n, 6n, 7n, 8n]);
    expect(account).toMatchObject({records: 8, rows: 6, rejected: 2});
    expect(account.rejects.map(({row, reason}) => [row, reason])).toEqual([
      [2, "column v has a NUL character"],
      [3, "column v has bytes that aren't UTF-8"]
    ]);
  });
});
