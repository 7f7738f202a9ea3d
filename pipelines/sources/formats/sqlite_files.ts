import {closeSync, openSync, readSync, statSync} from "node:fs";

/** What the names of SQLite databases end with. */
export const sqliteExtensions = [".db", ".sqlite", ".sqlite3"];

/** What is added to a database's name for what SQLite keeps beside it: a write-ahead log, a rollback journal, an index of the log. */
const logEnds = ["-wal", "-journal"];
const indexEnd = "-shm";

/** Files that belong to a database, beside it: some of its rows may be in them alone, or be undone by them. */
export function logsOf(file: string): string[] {
  if (!isDatabase(file)) return [];
  return logEnds.map((end) => file + end).filter((log) => (statSync(log, {throwIfNoEntry: false})?.size ?? 0) > 0);
}

/** The database that a file belongs to, by its name; undefined of any other file. */
export function databaseOf(file: string): string | undefined {
  const end = [...logEnds, indexEnd].find((each) => file.endsWith(each));
  const database = end && file.slice(0, -end.length);
  return database && isDatabase(database) ? database : undefined;
}

/** All names that SQLite may give to files beside a database. */
export function namesBeside(file: string): string[] {
  return isDatabase(file) ? [...logEnds, indexEnd].map((end) => file + end) : [];
}

function isDatabase(file: string): boolean {
  const name = file.toLowerCase();
  return sqliteExtensions.some((extension) => name.endsWith(extension));
}

/**
 * Refuses what SQLite would take for an empty or a smaller database, by the header, as
 * https://www.sqlite.org/fileformat.html has it in 1.3.
 *
 * @returns what the reader of the file's rows should know
 * @throws Error when the file isn't a whole database, or one whose text isn't UTF-8
 */
export function checkDatabase(file: string): string | undefined {
  const header = Buffer.alloc(100);
  const bytes = statSync(file).size;
  readHead(file, header);
  if (header.toString("latin1", 0, 16) !== "SQLite format 3\0" || bytes < 100)
    throw new Error("it is no SQLite database");
  if (header.readUInt32BE(56) > 1)
    throw new Error("the database keeps its text as UTF-16; write its tables to one that has UTF-8");
  const [log] = logsOf(file).filter((each) => each.endsWith("-wal"));
  const written = header.readUInt16BE(16);
  const pageSize = written === 1 ? 65_536 : written;
  if (log !== undefined) {
    // A log has 32 bytes, then pages with 24 bytes before each. SQLite leaves out what isn't whole.
    const isCut = (statSync(log).size - 32) % (pageSize + 24) !== 0;
    return isCut ? "its write-ahead log (-wal) is cut off: what stood last in there is missing" : undefined;
  }
  const whole = pageSize * header.readUInt32BE(28);
  // A count is valid only with the change counter beside it: before version 3.7 nobody kept it.
  const isKept = header.readUInt32BE(24) === header.readUInt32BE(92);
  if (isKept && bytes < whole) throw new Error(`the file is cut off: ${bytes} of ${whole} bytes`);
  const hasLog = header[18] === 2;
  return hasLog
    ? "the database is in WAL mode, and no -wal lies beside it: rows that were only in there are missing; bring both files, or the database after PRAGMA wal_checkpoint(TRUNCATE)"
    : undefined;
}

function readHead(file: string, buffer: Buffer): void {
  const handle = openSync(file, "r");
  try {
    readSync(handle, buffer, 0, buffer.length, 0);
  } finally {
    closeSync(handle);
  }
}
