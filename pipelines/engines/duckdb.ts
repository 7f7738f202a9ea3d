import {randomUUID} from "node:crypto";
import {rmSync} from "node:fs";
import {readdir, rm} from "node:fs/promises";
import {availableParallelism, hostname, tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {type DuckDBConnection, DuckDBInstance, type DuckDBValue} from "@duckdb/node-api";
import {makeFolder} from "./folder.js";

export {identifier} from "./identifier.js";

/** How a DuckDB is opened; each has a default that suits a laptop. */
export interface DuckDBOptions {
  /** A database file; in memory by default. */
  readonly path?: string;
  /** Worker threads; WATTLAKE_THREADS in the environment, or the machine's cores by default. */
  readonly threads?: number;
  /** DuckDB's own notation, `1500MB` by default: what doesn't fit is spilled to `tempDirectory`. */
  readonly memoryLimit?: string;
  /** Where to spill, in a folder of its own; nowhere by default. It is made when it isn't there and can be. */
  readonly tempDirectory?: string;
}

/** A value to bind to `$1`, `$2`, … */
export type Parameter = string | number | bigint | boolean | null;

/** A connection to one DuckDB. Statements of one connection run one after the other. */
export interface Connection {
  /** Runs statements for their effect. */
  run(sql: string, parameters?: readonly Parameter[]): Promise<void>;
  /**
   * Runs one statement and returns its rows as plain objects: BIGINT as bigint, DECIMAL as number, DATE and
   * TIMESTAMPTZ as Date, lists as arrays. Meant for small results; cast what must stay exact to VARCHAR.
   */
  rows<T = Record<string, any>>(sql: string, parameters?: readonly Parameter[]): Promise<T[]>;
  /** Another connection to the same database, to run statements side by side. */
  fork(): Promise<Connection>;
  /** A folder for this connection's own files, made when it is first asked for; it goes when the connection is closed. */
  scratch(): Promise<string>;
  /** The underlying connection, for streams of results and progress. */
  readonly native: DuckDBConnection;
  /** Closes this connection; the database goes with the last one. */
  close(): void;
}

/**
 * Opens DuckDB as every part of Wattlake uses it: UTC on every connection, nothing downloaded, memory bounded and
 * spilled to a folder where one is given.
 */
export async function openDuckDB(options: DuckDBOptions = {}): Promise<Connection> {
  const {
    path = ":memory:",
    threads = Number(process.env.WATTLAKE_THREADS) || availableParallelism(),
    memoryLimit = "1500MB",
    tempDirectory
  } = options;
  const instance = await DuckDBInstance.create(path, {
    threads: String(threads),
    memory_limit: memoryLimit,
    temp_directory: tempDirectory ? await spillFolder(tempDirectory) : "",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false"
  });
  const connection = await connect(instance, tempDirectory);
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  return connection;
}

/**
 * Lets a database open no file but those in a folder and what it spills, load no extension, and keep its settings: for
 * SQL that comes from outside. It can't be undone.
 */
export async function seal(database: Connection, folder: string): Promise<void> {
  await database.run(
    `SET allowed_directories = [${literal(resolve(folder))}, ${literal(folder)}];
     SET allow_community_extensions = false; SET enable_external_access = false; SET lock_configuration = true`
  );
}

/**
 * A folder to spill to that no other process has: DuckDB gives its files the same names everywhere, and two that
 * spilled to one folder would read each other's rows. DuckDB makes it when it first spills. What processes left there
 * that were killed goes away.
 */
async function spillFolder(parent: string): Promise<string> {
  // A lake that can't be written to can still be read, as far as memory goes.
  await makeFolder(parent).catch(() => undefined);
  await removeLeftSpills(parent);
  return join(parent, `${process.pid}-${randomUUID()}@${hostname()}`);
}

/** Removes what processes of this machine that have ended left in a folder to spill to. */
export async function removeLeftSpills(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, host] = /^(\d+)-[0-9a-f-]{36}@(.*)$/.exec(name) ?? [];
    if (pid && host === hostname() && !isAlive(Number(pid)))
      await rm(join(parent, name), {recursive: true, force: true}).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error: any) {
    return error.code !== "ESRCH";
  }
}

async function connect(instance: DuckDBInstance, tempDirectory: string | undefined): Promise<Connection> {
  const native = await instance.connect();
  let scratch: Promise<string> | undefined;
  let scratchFolder: string | undefined;
  return {
    native,
    run: async (sql, parameters) => {
      await native.run(sql, parameters as DuckDBValue[] | undefined);
    },
    rows: async <T>(sql: string, parameters?: readonly Parameter[]) =>
      (await native.runAndReadAll(sql, parameters as DuckDBValue[] | undefined)).getRowObjectsJS() as T[],
    fork: () => connect(instance, tempDirectory),
    scratch: () => {
      scratch ??= makeScratch(tempDirectory).then((folder) => {
        scratchFolder = folder;
        return folder;
      });
      return scratch;
    },
    close: () => {
      native.closeSync();
      if (scratchFolder !== undefined) rmSync(scratchFolder, {recursive: true, force: true});
    }
  };
}

/** A new folder, where DuckDB spills to, or among the machine's temporary files where that can't be written to. */
async function makeScratch(tempDirectory: string | undefined): Promise<string> {
  const make = async (parent: string) => {
    const folder = await spillFolder(parent);
    await makeFolder(folder);
    return folder;
  };
  const ofMachine = join(tmpdir(), "wattlake");
  return tempDirectory === undefined ? make(ofMachine) : make(tempDirectory).catch(() => make(ofMachine));
}

let version: Promise<string> | undefined;

/** DuckDB's version, asked once: a process has one. */
export function engineVersion(connection: Connection): Promise<string> {
  version ??= connection.rows<{version: string}>("SELECT version() AS version").then(([row]) => row!.version);
  return version;
}

/** A path as an SQL literal that DuckDB's file readers take for that one file, whatever is in its name. */
export function pathPattern(path: string): string {
  return literal(path.replaceAll(/[*?[]/g, "[$&]"));
}

/** A text as an SQL literal; one that holds NUL, at which a statement would end, as an expression. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\0") ? `(${quoted.replaceAll("\0", "' || chr(0) || '")})` : quoted;
}
