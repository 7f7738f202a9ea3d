import {readCommits} from "../delta/log.js";
import type {Snapshot} from "../delta/snapshot.js";
import type {Catalog} from "./catalog.js";
import {isStillThere, type TableVersion} from "./change.js";
import {type Agreement, lastBuild} from "./plan.js";
import {rowsOf} from "./relations.js";
import {type ProgramTable, type RowShape, writeRows} from "./rows.js";

/** A table as a run left it. */
export interface RunTable extends TableVersion {
  readonly table: string;
  /** Of its model's text; undefined for a table of the program's own. */
  readonly fingerprint?: string;
}

/** What `ops.run` holds of a run. */
export interface RunRecord {
  readonly run: number;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly finished_at: string;
  /** Every table agrees with its inputs and its model, and no check failed. */
  readonly complete: boolean;
  /** What the run's command ended with: 0, or 1 where something failed. */
  readonly exit_code: number;
  /** Why the run ended before its end; null where it didn't. */
  readonly error: string | null;
  readonly rows_written: number;
  readonly files_taken: number;
  readonly files_rejected: number;
  readonly program_version: string;
  readonly engine: string;
  readonly tables: readonly RunTable[];
}

/** Numbers of a run's report, as text where they may be beyond 2^53. */
export type Account = Readonly<Record<string, unknown>>;

/** What a run left behind. */
export interface RunLeft {
  readonly run: number;
  readonly tables: readonly RunTable[];
  /** What its report says of the tables, for a later run that finds them as they were. */
  readonly account?: Account;
}

/** A run as the commit that recorded it tells it, so that nobody has to open a data file for the newest. */
interface ToldRun extends RunLeft {
  readonly complete: boolean;
}

/** The table of the runs. */
export const runTable = "ops.run";
const description = "One row a run: when, what came of it, and the version of every table as it left them.";

const shape: RowShape = {
  run: "BIGINT",
  started_at: "TIMESTAMP WITH TIME ZONE",
  finished_at: "TIMESTAMP WITH TIME ZONE",
  complete: "BOOLEAN",
  exit_code: "INTEGER",
  error: "VARCHAR",
  rows_written: "BIGINT",
  files_taken: "BIGINT",
  files_rejected: "BIGINT",
  program_version: "VARCHAR",
  engine: "VARCHAR",
  tables: 'STRUCT("table_name" VARCHAR, "table_id" VARCHAR, "version" BIGINT, "fingerprint" VARCHAR)[]'
};

/** `ops.run`, as it is written. */
export const runRecordTable: ProgramTable = {table: runTable, description, shape};

/** Writes a run down. Its number, returned, is the next one, should another run have taken the number meanwhile. */
export async function recordRun(catalog: Catalog, record: RunRecord): Promise<number> {
  for (;;) {
    const run = await tryRecordRun(catalog, record);
    if (run !== undefined) return run;
  }
}

/**
 * Writes a run down, with what it says of its tables, if no other has been since the catalog read the runs.
 *
 * @returns its number; undefined when another process was first, and nothing was done: what the run read may be old.
 */
export async function tryRecordRun(
  catalog: Catalog,
  record: RunRecord,
  account?: Account
): Promise<number | undefined> {
  const tables = record.tables.map(({table, id, version, fingerprint}) => ({
    table_name: table,
    table_id: id,
    version,
    fingerprint: fingerprint ?? null
  }));
  const run = Math.max(record.run, (await lastRunNumber(catalog)) + 1);
  const told: ToldRun = {run, complete: record.complete, tables: record.tables, ...(account && {account})};
  const note = {run, info: {told}};
  return (await writeRows(catalog, runTable, description, shape, [{...record, run, tables}], note)) ? run : undefined;
}

/** A run by its number, the last complete one by an instant, or the last complete one there is. */
export type RunChoice = {readonly run: number} | {readonly by: string} | "last complete";

/** What a run left behind; undefined when there is no such run. */
export async function readRun(catalog: Catalog, choice: RunChoice): Promise<RunLeft | undefined> {
  const standing = await catalog.snapshot(runTable);
  if (!standing) return undefined;
  if (choice === "last complete") for await (const told of toldRuns(standing)) if (told.complete) return told;
  const runs = await rowsOf(catalog, runTable);
  const where =
    choice === "last complete"
      ? "complete"
      : "run" in choice
        ? `run = ${choice.run}`
        : `complete AND finished_at <= CAST('${choice.by.replaceAll("'", "''")}' AS TIMESTAMPTZ)`;
  const rows = await catalog.database.rows<{run: bigint; tables: string}>(
    `SELECT run, CAST(to_json(tables) AS VARCHAR) AS tables FROM (${runs}) WHERE ${where} ORDER BY run DESC LIMIT 1`
  );
  const [row] = rows;
  if (!row) return undefined;
  const tables = JSON.parse(row.tables) as {
    table_name: string;
    table_id: string;
    version: number;
    fingerprint: string | null;
  }[];
  return {
    run: Number(row.run),
    tables: tables.map(({table_name, table_id, version, fingerprint}) => ({
      table: table_name,
      id: table_id,
      version,
      ...(fingerprint !== null && {fingerprint})
    }))
  };
}

/** When the newest run of the pipeline started, complete or not; undefined before the first. */
export async function lastRunStart(catalog: Catalog): Promise<Date | undefined> {
  if (!(await catalog.snapshot(runTable))) return undefined;
  const [row] = await catalog.database.rows<{started: number | null}>(
    `SELECT CAST(max(epoch_ms(started_at)) AS DOUBLE) AS started FROM (${await rowsOf(catalog, runTable)})`
  );
  return row!.started === null ? undefined : new Date(row!.started);
}

/** The number of the newest run, complete or not; 0 before the first. */
export async function lastRunNumber(catalog: Catalog): Promise<number> {
  const standing = await catalog.snapshot(runTable);
  if (!standing) return 0;
  for await (const {run} of toldRuns(standing)) return run;
  const [row] = await catalog.database.rows<{run: bigint | null}>(
    `SELECT max(run) AS run FROM (${await rowsOf(catalog, runTable)})`
  );
  return Number(row!.run ?? 0);
}

/**
 * The number of the newest run.
 *
 * @throws Error when there was none: there is no lake
 */
export async function requireRun(catalog: Catalog): Promise<number> {
  const run = await lastRunNumber(catalog);
  if (run === 0) throw new Error(noLake(catalog.folder));
  return run;
}

/** What is said of a folder in which no run has built anything. */
export function noLake(folder: string): string {
  return `no lake at ${folder}: run npm run pipeline -- --lake ${folder} first`;
}

/**
 * The runs that the log of `ops.run` tells, newest first. It ends where the log does, and at a commit of somebody
 * else, who may have done anything: the rows know what it doesn't tell.
 */
async function* toldRuns({root, version: newest}: Snapshot): AsyncGenerator<ToldRun> {
  for (let version = newest; version >= 0; version--) {
    const [commit] = await readCommits(root, version - 1, version).catch(() => []);
    if (!commit) return;
    const {info, adds, removes} = commit;
    if (info?.told) yield info.told as ToldRun;
    else if ([...adds, ...removes].some(({dataChange}) => dataChange)) return;
  }
}

/**
 * What a table was last found to agree with: what the last complete run says of it, if the table still is as that
 * run left it; otherwise what its own last build read.
 */
export async function agreementWith(
  catalog: Catalog,
  name: string,
  complete: readonly RunTable[]
): Promise<Agreement | undefined> {
  const standing = await catalog.snapshot(name);
  if (!standing) return undefined;
  const own = complete.find(({table}) => table === name);
  if (own?.fingerprint && own.version === standing.version && (await isStillThere(standing, own))) {
    const inputs = new Map<string, TableVersion>(complete.map((each) => [each.table, each]));
    return {fingerprint: own.fingerprint, inputs, own};
  }
  return lastBuild(standing);
}
