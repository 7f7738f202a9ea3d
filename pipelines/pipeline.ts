import {join} from "node:path";
import {onDisk, published, refuseUnfit} from "./delta/ground.js";
import {latestVersion} from "./delta/log.js";
import {openDuckDB} from "./engines/duckdb.js";
import {hasFailed, recordFailedRun} from "./failure.js";
import {withLease} from "./lease.js";
import {readAccounts, toAccount} from "./models/account.js";
import {type Catalog, openCatalog} from "./models/catalog.js";
import {versionOf} from "./models/change.js";
import type {Failure} from "./models/check.js";
import {recordFailures} from "./models/check_failure.js";
import {refuseUnknown} from "./models/client.js";
import type {Gaps} from "./models/gaps.js";
import {type LostLog, mendLogs} from "./models/lost_log.js";
import type {ParameterValues} from "./models/parameters.js";
import {type Asked, planTable} from "./models/plan.js";
import {openProject, type Project, selected} from "./models/project.js";
import type {Reconciliation} from "./models/reconciliation.js";
import type {RegisterEvents} from "./models/register_events.js";
import type {Rejection} from "./models/rejections.js";
import {agreementWith, lastRunNumber, type RunTable, readRun, runTable, tryRecordRun} from "./models/run_record.js";
import {foldSmallFiles} from "./models/small_files.js";
import {countRows, type StaleRepeat, staleRepeats} from "./models/stale_repeat.js";
import {stateOf, type TableState} from "./models/table_state.js";
import {type Broadcast, broadcast, type Listener, type Tell} from "./observe/events.js";
import {runLineage} from "./observe/lineage.js";
import {type LogLevel, runLog} from "./observe/log.js";
import {runMetrics} from "./observe/metrics.js";
import {writeQualityFiles} from "./observe/quality_files.js";
import {reach} from "./observe/steps.js";
import {stopwatch} from "./observe/stopwatch.js";
import {buildTables, mergeResults, type Pass, type TableResult} from "./pass.js";
import {type Landing, land} from "./sources/arrivals.js";
import {refuseUnread} from "./sources/destinations.js";
import {refuseOpenErasure} from "./sources/erasure_request.js";
import {type Expected, readExpected} from "./sources/expected.js";
import type {Limits} from "./sources/formats/limits.js";
import {type Intaken, ingest} from "./sources/ingest.js";
import {limitsOf, sourcesOf} from "./sources/lake_sources.js";
import {writeSettings} from "./sources/settings.js";
import type {Source} from "./sources/source.js";
import {version} from "./version.js";
import {faultText} from "./wording/command.js";

/** What to run, where, and whom to tell. */
export interface PipelineOptions extends Omit<Asked, "of"> {
  /** The lake's folder; `lake` by default. */
  readonly lake?: string;
  /** Where the raw files lie; the lake's `landing` folder by default. */
  readonly landing?: string;
  /** The sources to take in; the program's and those of the lake's `sources.json` by default. */
  readonly sources?: readonly Source[];
  /** How much of a file is read; what the lake's `sources.json` says, or the defaults, where none are given. */
  readonly limits?: Limits;
  /** Build only these tables and what they are made from. */
  readonly select?: readonly string[];
  /** Of the dates asked for, rebuild only those on which this client has rows. */
  readonly client?: string;
  /** Files, by their path in the landing folder, to take in again though their content is known. */
  readonly again?: readonly string[];
  /** Wait for a run that is under way on the lake, instead of failing. */
  readonly wait?: boolean;
  /** Whether to hold the lake's lease while running, as it does by default. */
  readonly lease?: boolean;
  /** Whether the run is a part of an erasure: while one is open, others are refused. */
  readonly erasing?: boolean;
  /** The folder of the models; the project's own by default. */
  readonly sql?: string;
  /** Values of parameters that models declare, instead of their defaults, for this run. */
  readonly params?: ParameterValues;
  /** From which level on to write log lines to standard error too; none by default. */
  readonly logLevel?: LogLevel;
  /** How many rows a file should have, about: whole months, as many as fit; 2,000,000 by default. */
  readonly fileRows?: number;
  /** Once it is given, no further table is begun: what was built stands, and the next run does the rest. */
  readonly signal?: AbortSignal;
  /** Is told what happens, as it happens. */
  readonly listener?: Listener;
}

export type {TableResult} from "./pass.js";

/** What a run came to. */
export interface RunResult {
  readonly run: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly landing: Landing;
  readonly intake: Intaken;
  readonly tables: readonly TableResult[];
  /** One line a source, from `quality.reconciliation` as this run leaves it. */
  readonly reconciliation: readonly Reconciliation[];
  /** What `quality.gap` lists as this run leaves it; undefined before it is built. */
  readonly gaps?: Gaps;
  /** What `quality.register_event` lists as this run leaves it; undefined before it is built. */
  readonly registerEvents?: RegisterEvents;
  /** The sources of which much was rejected, as this run leaves them. */
  readonly rejections: readonly Rejection[];
  /** What is odd in the landing folder's files and known to be. */
  readonly expected: readonly Expected[];
  /** Tables whose log had lost entries; the run has built again what was lost. */
  readonly lost: readonly LostLog[];
  /** How many files there are, this run's included, that can't be read. */
  readonly fileRejects: number;
  /** Files that bring nothing because their content had come in before, and has been superseded in part since. */
  readonly stale: readonly StaleRepeat[];
  /** What the run could not tell of itself, a sentence each: that its log could not be written, say. */
  readonly untold: readonly string[];
}

/**
 * Takes in what has arrived, rebuilds what it changes, and records the run. A table that fails leaves its published
 * version as it was and holds up what depends on it; the rest goes on.
 */
export async function runPipeline(options: PipelineOptions = {}): Promise<RunResult> {
  const folder = options.lake ?? "lake";
  const landing = options.landing ?? join(folder, "landing");
  const events = broadcast({
    log: runLog(folder, options.logLevel),
    metrics: runMetrics(folder),
    lineage: runLineage(folder, landing),
    progress: options.listener
  });
  const lap = stopwatch();
  try {
    const result = await onDisk(folder, published, () =>
      underLease(folder, options, events.tell, () => runOnce(folder, landing, options, events))
    );
    return {...result, untold: await events.settle()};
  } catch (error) {
    events.tell({kind: "run failed", error: faultText(error), seconds: lap()});
    await events.settle();
    throw error;
  }
}

async function underLease<T>(folder: string, options: PipelineOptions, tell: Tell, work: () => Promise<T>): Promise<T> {
  const onWait = (holder: string) => tell({kind: "lease awaited", holder});
  if (options.lease !== false) return withLease(folder, {wait: options.wait, onWait}, work);
  await refuseUnfit(folder);
  return work();
}

async function runOnce(
  folder: string,
  landingFolder: string,
  options: PipelineOptions,
  {tell, settle}: Broadcast
): Promise<Omit<RunResult, "untold">> {
  if (!options.erasing) await refuseOpenErasure(landingFolder);
  const started = new Date();
  const sources = options.sources ?? (await sourcesOf(folder, landingFolder));
  const limits = options.limits ?? (await limitsOf(folder));
  const expected = await readExpected(landingFolder);
  const database = await openDuckDB({tempDirectory: join(folder, ".tmp")});
  try {
    const project = await openProject(database, options);
    const catalog = openCatalog(database, folder, project);
    refuseUnread(catalog, sources);
    const asked = await ofClient(catalog, project, sources, options);
    const lost = await mendLogs(catalog, project.tables, options.fullRefresh ?? false);
    await foldSmallFiles(catalog, project.tables);
    const run = (await lastRunNumber(catalog)) + 1;
    tell({kind: "run started", run, lake: folder, program: version, engineVersion: project.engineVersion, catalog});
    const landing = await land(landingFolder, sources, {again: options.again});
    reach("after arrivals");
    const intake = await ingest(catalog, {landing, folder: landingFolder, sources, limits}, run, tell);
    await writeSettings(catalog, sources, run);
    const record = async (pass: Pass, tables: readonly TableResult[]) => {
      const complete = await agrees(catalog, project, pass.tables);
      reach("before recording");
      // The runs are read before the tables: a run recorded in between makes this record come too late.
      catalog.forget(runTable);
      await catalog.snapshot(runTable);
      const left = await tablesOf(catalog, project, complete);
      const accounts = await readAccounts(catalog, await readRun(catalog, "last complete"));
      if (!(await areNewest(catalog, [...left, ...pass.seen]))) return undefined;
      const made = {
        run,
        started_at: started.toISOString(),
        finished_at: new Date().toISOString(),
        complete,
        exit_code: hasFailed({landing, intake, tables, ...accounts}) ? 1 : 0,
        error: options.signal?.aborted && !complete ? "stopped before its end" : null,
        rows_written: rowsWritten(tables, intake),
        files_taken: sum(intake.tables.map(({files}) => files)),
        files_rejected: intake.rejected.length,
        program_version: version,
        engine: `duckdb ${project.engineVersion}`,
        tables: left
      };
      const recorded = await tryRecordRun(catalog, made, toAccount(accounts));
      return recorded === undefined ? undefined : {run: recorded, complete, ...accounts};
    };
    let tables: readonly TableResult[] = [];
    let recorded:
      | Pick<RunResult, "run" | "complete" | "reconciliation" | "gaps" | "registerEvents" | "rejections">
      | undefined;
    while (!recorded) {
      const pass = await buildTables(catalog, project, run, asked, tell);
      await recordFailures(catalog, newFailures(tables, pass.tables), run);
      tables = mergeResults(tables, pass.tables);
      recorded = await record(pass, tables);
      // Without the lease, another process may have committed meanwhile: then this pass left no whole, or an old one.
      if (recorded) continue;
      tell({kind: "run repeated", run});
      catalog.forget();
    }
    await writeQualityFiles(catalog);
    const result = {
      ...recorded,
      seconds: secondsSince(started),
      landing,
      intake,
      tables,
      expected,
      lost,
      fileRejects: await countRows(catalog, "bronze.file_reject"),
      stale: await staleRepeats(catalog, landing)
    };
    tell({
      kind: "run finished",
      ...recorded,
      seconds: result.seconds,
      rows: rowsWritten(tables, intake),
      filesTaken: sum(intake.tables.map(({files}) => files)),
      filesRejected: intake.rejected.length,
      filesUnreadable: result.fileRejects,
      reconciliation: result.reconciliation,
      tables: await statesOf(catalog, project)
    });
    return result;
  } catch (error) {
    // Who asks for something in particular is there to see what was wrong with it.
    const isAsked = options.select ?? options.again ?? options.params ?? options.client;
    if (!isAsked) await recordFailedRun(database, {lake: folder, landing: landingFolder, started, error});
    throw error;
  } finally {
    // Listeners may still have something to look up.
    await settle();
    database.close();
  }
}

/** What is asked for, the client with whom its rows are told from others'. */
export async function ofClient<Options extends PipelineOptions>(
  catalog: Catalog,
  {tables}: Project,
  sources: readonly Source[],
  options: Options
): Promise<Options & Asked> {
  if (options.client === undefined) return options;
  const of = {client: options.client, sources};
  await refuseUnknown(catalog, of, tables);
  return {...options, of};
}

/**
 * Whether every table agrees with its inputs and its model's text: those that the run left out, too. One that wasn't
 * asked for and that no complete run has had is no part of the lake yet.
 */
async function agrees(catalog: Catalog, project: Project, results: readonly TableResult[]): Promise<boolean> {
  if (results.some(({outcome}) => outcome === "failed" || outcome === "blocked")) return false;
  const visited = new Set(results.map(({table}) => table));
  const had = new Set((await readRun(catalog, "last complete"))?.tables.map(({table}) => table));
  for (const model of selected(project, undefined)) {
    if (visited.has(model.name)) continue;
    if (!had.has(model.name) && !(await catalog.snapshot(model.name))) continue;
    const agreement = await agreementWith(catalog, model.name, []);
    const plan = await planTable(catalog, model, project.fingerprints.get(model.name)!, agreement, {});
    if (plan.scope !== "nothing") return false;
  }
  return true;
}

/** The tables as they stand; of a run that isn't complete without those that can't be read. */
async function tablesOf(catalog: Catalog, project: Project, complete: boolean): Promise<RunTable[]> {
  const tables: RunTable[] = [];
  for (const table of project.tables) {
    const snapshot = await catalog.snapshot(table).catch((error) => {
      if (complete) throw error;
    });
    if (!snapshot) continue;
    const fingerprint = project.fingerprints.get(table);
    tables.push({table, ...versionOf(snapshot), ...(fingerprint && {fingerprint})});
  }
  return tables;
}

/** The tables at a glance; without those that can't be read. */
async function statesOf(catalog: Catalog, {tables}: Project): Promise<TableState[]> {
  const states: TableState[] = [];
  for (const table of tables) {
    const snapshot = await catalog.snapshot(table).catch(() => undefined);
    if (snapshot) states.push(stateOf(table, snapshot, catalog.models.get(table)));
  }
  return states;
}

function rowsWritten(tables: readonly TableResult[], intake: Intaken): number {
  return sum([...tables, ...intake.tables].map(({rows}) => rows));
}

/** Whether no table has moved on from the version that was seen of it. */
async function areNewest(catalog: Catalog, seen: readonly {table: string; version: number}[]): Promise<boolean> {
  for (const {table, version} of seen) if ((await latestVersion(catalog.root(table))) !== version) return false;
  return true;
}

/** The failures of a pass that an earlier one didn't find. */
function newFailures(before: readonly TableResult[], after: readonly TableResult[]): Failure[] {
  const known = new Set(before.flatMap(({failures}) => failures.map((failure) => JSON.stringify(failure))));
  return after.flatMap(({failures}) => failures).filter((failure) => !known.has(JSON.stringify(failure)));
}

function secondsSince(start: Date): number {
  return (Date.now() - start.getTime()) / 1000;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
