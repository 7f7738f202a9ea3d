import {type Connection, identifier} from "./duckdb.js";

/**
 * A catalog of its own in a DuckDB, on a connection of its own: here a name like `silver.reading` means what this
 * workspace says it means. Two workspaces can run one SELECT over different rows of the same table at once.
 */
export interface Workspace {
  readonly connection: Connection;
  /** Another connection, on which names mean the same: to read on beside others. */
  fork(): Promise<Connection>;
  /** Makes the dotted name stand for a SELECT. */
  define(name: string, select: string): Promise<void>;
  /** Makes it stand for the rows that the SELECT gives now: they are in memory, and counted. */
  hold(name: string, select: string): Promise<void>;
  close(): Promise<void>;
}

let opened = 0;

/** Opens an empty workspace. Macros made in the main catalog can be called in it. */
export async function openWorkspace(database: Connection): Promise<Workspace> {
  const connection = await database.fork();
  const catalog = `workspace_${++opened}`;
  const schemas = new Set<string>();
  const kinds = new Map<string, "VIEW" | "TABLE">();
  const searchPath = `SET search_path = '${catalog}.main,memory.main'`;
  await connection.run(`ATTACH ':memory:' AS ${catalog}; ${searchPath}`);
  const create = async (kind: "VIEW" | "TABLE", name: string, select: string) => {
    const [table, schema] = name.split(".").reverse() as [string, string?];
    if (schema && !schemas.has(schema)) {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`);
      schemas.add(schema);
    }
    const quoted = quoteName(schema ? `${schema}.${table}` : table);
    const before = kinds.get(name) ?? kind;
    if (before !== kind) await connection.run(`DROP ${before} ${quoted}`);
    kinds.set(name, kind);
    await connection.run(`CREATE OR REPLACE ${kind} ${quoted} AS ${select}`);
  };
  return {
    connection,
    async fork() {
      const other = await database.fork();
      await other.run(searchPath);
      return other;
    },
    define: (name, select) => create("VIEW", name, select),
    hold: (name, select) => create("TABLE", name, select),
    async close() {
      await connection.run(`USE memory; DETACH ${catalog}`);
      connection.close();
    }
  };
}

/** A dotted table name as SQL: `"silver"."reading"`. */
export function quoteName(name: string): string {
  return name.split(".").map(identifier).join(".");
}
