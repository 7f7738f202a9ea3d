import {readdir} from "node:fs/promises";
import {join} from "node:path";
import type {DuckDBResult} from "@duckdb/node-api";
import {type Connection, literal, openDuckDB, seal} from "./engines/duckdb.js";
import {openWorkspace, type Workspace} from "./engines/workspace.js";
import {type Catalog, isView, openCatalog} from "./models/catalog.js";
import {refuseUnknown, sightsOf, tablesOfClient} from "./models/client.js";
import {refuseErased} from "./models/erasure_record.js";
import {byLayer} from "./models/layers.js";
import type {ParameterValues} from "./models/parameters.js";
import {parse} from "./models/parse.js";
import {openProject, type Project} from "./models/project.js";
import {refuseGone} from "./models/readable_run.js";
import {referencesOf} from "./models/references.js";
import {defineTables} from "./models/relations.js";
import {noLake, type RunChoice, readRun, requireRun} from "./models/run_record.js";
import {isFileName, refuseOutside} from "./models/sandbox.js";
import {sourcesOf} from "./sources/lake_sources.js";
import type {Source} from "./sources/source.js";
import {queryFault} from "./wording/query.js";
import {systemReason} from "./wording/system.js";

/** A lake open for reading, as one run left it. */
export interface Lakehouse {
  /** The run whose tables these are; undefined when every table is at its newest version. */
  readonly run: number | undefined;
  /** The client whose rows are read alone; undefined where all are. */
  readonly client: string | undefined;
  /** What a reader should know, a sentence each: that a newer run is not complete, say. */
  readonly notices: readonly string[];
  readonly catalog: Catalog;
  readonly project: Project;
  /** A connection on which the dotted names are tables: those that were defined. */
  readonly workspace: Workspace;
  /** The tables and views there are, sorted by name within bronze, silver, gold, quality, ops; of a client, those it may see. */
  tables(): Promise<string[]>;
  /** Makes sure that tables can be read: of a client, those of its rows that it may see. */
  define(tables: readonly string[]): Promise<void>;
  /**
   * Makes sure that a SELECT's tables can be read, and streams its rows, beside any others, until the lake is closed.
   * From the first on, the engine opens no file but the lake's, unless files may be read.
   *
   * @throws Error for a SELECT that uses anything but tables of the lake and functions on the list
   */
  stream(sql: string): Promise<DuckDBResult>;
  /** The same for rows that are taken at once: what a stream holds is given back. */
  read<T>(sql: string, take: (rows: DuckDBResult) => Promise<T>): Promise<T>;
  /** Interrupts whatever statement runs; one that comes after runs. */
  interrupt(): void;
  close(): Promise<void>;
}

/** How a lake is opened. */
export interface OpenOptions {
  readonly params?: ParameterValues;
  readonly sql?: string;
  readonly client?: string;
  readonly sources?: readonly Source[];
  /** Whether SELECTs may read files beside the lake, as somebody does on their own machine; never for one client. */
  readonly files?: boolean;
  /** The engine's memory, such as `500MB`, instead of its default. */
  readonly memory?: string;
}

/** Which state of a lake to read: a run's number, an ISO instant, `latest` for each table's newest version. */
export type AsOf = string | number | undefined;

/**
 * Opens a lake as the last complete run left it, or as `asOf` says; for one `client`, whose rows alone are read, as
 * `sources` say whose what came in is. `params` are values of the parameters of views;
 * those of stored tables had theirs when they were built. `sql` is the folder of the models, the project's own by default.
 *
 * @throws Error when there is no lake, no such run or client, or an erasure has taken the run's versions.
 */
export async function openLakehouse(
  folder: string,
  asOf?: AsOf,
  {params = {}, sql, client, sources, files = false, memory}: OpenOptions = {}
): Promise<Lakehouse> {
  if (files && client !== undefined)
    throw new Error("files are read for all clients together: leave out --files (files), or --client (client)", {
      cause: "usage"
    });
  await refuseNoFolder(folder);
  const database = await openDuckDB({tempDirectory: join(folder, ".tmp"), ...(memory && {memoryLimit: memory})});
  try {
    const project = await openProject(database, {params, ...(sql && {sql})});
    for (const name of Object.keys(params)) {
      if (project.models.some((model) => !model.stored && name in model.params)) continue;
      const sentence = `parameter ${name} is a stored table's: npm run pipeline -- --param ${name}=… builds it with another value`;
      throw new Error(sentence, {cause: "usage"});
    }
    const newest = openCatalog(database, folder, project);
    const state = choiceOf(asOf);
    const lastRun = await requireRun(newest);
    const record = state === "latest" ? undefined : await readRun(newest, state);
    if (state !== "latest" && !record) throw new Error(noSuchRun(state, lastRun));
    if (record) await refuseErased(newest, record.run);
    const notices =
      state === "last complete" && record!.run < lastRun
        ? [
            `run ${lastRun} is not complete: reading the lake as run ${record!.run} left it; --as-of latest reads what there is`
          ]
        : [];
    const versions = record && new Map(record.tables.map((each) => [each.table, each]));
    const catalog = versions ? openCatalog(database, folder, project, versions) : newest;
    const workspace = await openWorkspace(database);
    const defined = new Set<string>();
    const choice = client === undefined ? undefined : {client, sources: sources ?? (await sourcesOf(folder))};
    if (choice) await refuseUnknown(catalog, choice, await existing(catalog, project));
    const defineNow = async (asked: readonly string[]) => {
      // What is read again means what it meant before.
      const names = asked.filter((name) => name.includes(".") && !defined.has(name));
      if (record && versions && asOf !== undefined) await refuseGone(newest, record.run, versions, names);
      const instead = choice && (await sightsOf(catalog, choice, names));
      await defineTables(workspace, catalog, names, {instead});
      for (const name of names) defined.add(name);
    };
    // Names are given their meaning one after the other: two queries that need the same would define it twice at once.
    let before: Promise<unknown> = Promise.resolve();
    const define = (asked: readonly string[]) => {
      const done = before.then(() => defineNow(asked));
      before = done.catch(() => undefined);
      return done;
    };
    // A table that has no model any more can still be read, but not as one client's: nothing says whose its rows are.
    const standing = choice ? undefined : (record ?? (await readRun(newest, {run: lastRun})));
    const tables = [...new Set([...project.tables, ...(standing?.tables ?? []).map(({table}) => table)])];
    const sandbox = {tables, macros: new Set(project.macros.map(({name}) => name)), files};
    let sealed: Promise<void> | undefined;
    const streams = new Set<Connection>();
    const readers = new Set<Connection>();
    const start = async (connection: Connection, sql: string) => {
      const tree = await parse(database, sql);
      refuseOutside(tree, sandbox);
      if (!files) {
        sealed ??= seal(database, folder);
        await sealed;
      }
      const referenced = referencesOf(tree).tables.filter((table) => !isFileName(table));
      await define(referenced);
      return streamRows(connection, sql).catch(async (error) => {
        const columns = await columnsOf(connection, referenced);
        throw new Error(queryFault(error, {sql, linesBefore: 1, columns, tables: project.tables}), {cause: error});
      });
    };
    return {
      run: record?.run,
      client,
      notices,
      catalog,
      project,
      workspace,
      define,
      async tables() {
        const all = await existing(catalog, project);
        return choice ? tablesOfClient(catalog, choice, all) : all;
      },
      async stream(sql) {
        const connection = await workspace.fork();
        streams.add(connection);
        return start(connection, sql);
      },
      async read(sql, take) {
        const connection = await workspace.fork();
        readers.add(connection);
        try {
          return await take(await start(connection, sql));
        } finally {
          readers.delete(connection);
          connection.close();
        }
      },
      interrupt() {
        for (const {native} of [database, workspace.connection, ...streams, ...readers]) native.interrupt();
      },
      async close() {
        for (const connection of streams) connection.close();
        await workspace.close();
        database.close();
      }
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws Error when there is no folder that a lake could be in, before anything is made there. */
async function refuseNoFolder(folder: string): Promise<void> {
  try {
    await readdir(folder);
  } catch (error: any) {
    throw new Error(error.code === "ENOENT" ? noLake(folder) : `no lake at ${folder}: ${systemReason(error)}`);
  }
}

/**
 * Streams the rows of a SELECT. DuckDB may wait forever before the first row of a UNION ALL (duckdb/duckdb#22215), so
 * those are worked out before: into a table, which spills to disk where memory doesn't do.
 */
async function streamRows({native, run, rows}: Connection, sql: string): Promise<DuckDBResult> {
  const plan = await rows<{explain_value: string}>(`EXPLAIN\n${sql}`);
  if (!plan.some(({explain_value}) => explain_value.includes("UNION"))) return native.stream(sql);
  await run(`CREATE OR REPLACE TEMP TABLE streamed AS\n${sql}`);
  return native.stream("FROM temp.streamed");
}

/** The columns of tables that were defined in a workspace. */
async function columnsOf({rows: select}: Connection, tables: readonly string[]): Promise<string[]> {
  const rows = await select<{column_name: string}>(
    `SELECT DISTINCT column_name FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name || '.' || table_name IN (${["", ...tables].map(literal).join(", ")})
     ORDER BY column_name`
  );
  return rows.map(({column_name}) => column_name);
}

function choiceOf(asOf: AsOf): RunChoice | "latest" {
  if (asOf === undefined) return "last complete";
  if (asOf === "latest") return "latest";
  if (/^\d{1,15}$/.test(String(asOf))) return {run: Number(asOf)};
  if (/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(String(asOf)) && !Number.isNaN(Date.parse(String(asOf)))) {
    return {by: new Date(asOf).toISOString()};
  }
  throw new Error(`not a run: ${asOf}; write a run's number, an instant such as 2022-03-27T01:00:00+02:00, or latest`);
}

function noSuchRun(choice: RunChoice, lastRun: number): string {
  if (choice === "last complete")
    return `no complete run yet of ${lastRun}: mend what it reports, or read it with --as-of latest`;
  if ("run" in choice) return `run not found: ${choice.run}; the last is ${lastRun}`;
  return `no run was complete by ${choice.by}; SELECT run, finished_at, complete FROM ops.run lists them`;
}

async function existing(catalog: Catalog, project: Project): Promise<string[]> {
  const names: string[] = [];
  for (const table of project.tables) if (isView(catalog, table) || (await catalog.snapshot(table))) names.push(table);
  return byLayer(names);
}
