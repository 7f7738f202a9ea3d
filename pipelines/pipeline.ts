import {join} from "node:path";
import {openDuckDB} from "./engines/duckdb.js";
import {withLease} from "./lease.js";
import {type Built, buildTable} from "./models/build.js";
import {type Catalog, isView, openCatalog} from "./models/catalog.js";
import type {Failure} from "./models/check.js";
import {recordFailures} from "./models/check_failure.js";
import type {Model} from "./models/model.js";
import {type Asked, type Plan, planTable} from "./models/plan.js";
import {openProject, type Project, selected} from "./models/project.js";
import {type Reconciliation, readReconciliation} from "./models/reconciliation.js";
import {rowsOf} from "./models/relations.js";
import {agreementWith, lastRunNumber, type RunTable, readRun, recordRun} from "./models/run_record.js";
import {type Arrival, type Landing, land} from "./sources/arrivals.js";
import {type Intaken, ingest} from "./sources/ingest.js";
import {writeSettings} from "./sources/settings.js";
import type {Source} from "./sources/source.js";
import {sources as configured} from "./sources/sources.js";
import {version} from "./version.js";

/** What to run, where, and whom to tell. */
export interface PipelineOptions extends Asked {
  /** The lake's folder; `lake` by default. */
  readonly lake?: string;
  /** Where the raw files lie; the lake's `landing` folder by default. */
  readonly landing?: string;
  /** The sources to take in; those of `sources/sources.ts` by default. */
  readonly sources?: readonly Source[];
  /** Build only these tables and what they are made from. */
  readonly select?: readonly string[];
  /** Files, by their path in the landing folder, to take in again though their content is known. */
  readonly again?: readonly string[];
  /** Wait for a run that is under way on the lake, instead of failing. */
  readonly wait?: boolean;
  /** Whether to hold the lake's lease while running, as it does by default. */
  readonly lease?: boolean;
  /** The folder of the models; the project's own by default. */
  readonly sql?: string;
  onProgress?(event: ProgressEvent): void;
}

/** How far a run is. */
export interface ProgressEvent {
  readonly table: string;
  readonly done: number;
  readonly of: number;
}

/** What became of one table in a run. */
export interface TableResult extends Plan {
  readonly outcome: "built" | "unchanged" | "failed" | "blocked";
  readonly rows: number;
  readonly seconds: number;
  readonly failures: readonly Failure[];
  /** Why it failed, where it wasn't a check; or the tables that block it. */
  readonly error?: string;
}

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
  /** How many files there are, this run's included, that can't be read. */
  readonly fileRejects: number;
  /** Files that bring nothing because their content had come in before, and has been superseded in part since. */
  readonly stale: readonly StaleRepeat[];
}

/** A file whose content came in before under another name. */
export interface StaleRepeat {
  readonly path: string;
  readonly arrival: Arrival;
  /** How many of that arrival's rows a newer one has superseded. */
  readonly superseded: number;
}

/**
 * Takes in what has arrived, rebuilds what it changes, and records the run. A table that fails leaves its published
 * version as it was and holds up what depends on it; the rest goes on.
 */
export async function runPipeline(options: PipelineOptions = {}): Promise<RunResult> {
  const folder = options.lake ?? "lake";
  const work = () => runOnce(folder, options);
  return options.lease === false ? work() : withLease(folder, {wait: options.wait ?? false}, work);
}

async function runOnce(folder: string, options: PipelineOptions): Promise<RunResult> {
  const started = new Date();
  const landingFolder = options.landing ?? join(folder, "landing");
  const sources = options.sources ?? configured;
  const database = await openDuckDB({tempDirectory: join(folder, ".tmp")});
  try {
    const project = await openProject(database, options.sql);
    const catalog = openCatalog(database, folder, project);
    const run = (await lastRunNumber(catalog)) + 1;
    const landing = await land(landingFolder, sources, {again: options.again});
    const intake = await ingest(catalog, landing, landingFolder, sources, run);
    await writeSettings(catalog, sources, run);
    const tables = await buildTables(catalog, project, run, options);
    await recordFailures(
      catalog,
      tables.flatMap(({failures}) => failures),
      run
    );
    const complete = await agrees(catalog, project, tables);
    await recordRun(catalog, {
      run,
      started_at: started.toISOString(),
      finished_at: new Date().toISOString(),
      complete,
      rows_written: sum([...tables, ...intake.tables].map(({rows}) => rows)),
      files_taken: sum(intake.tables.map(({files}) => files)),
      files_rejected: intake.rejected.length,
      program_version: version,
      engine: `duckdb ${project.engineVersion}`,
      tables: await tablesOf(catalog, project)
    });
    return {
      run,
      complete,
      seconds: secondsSince(started),
      landing,
      intake,
      tables,
      reconciliation: await readReconciliation(catalog),
      fileRejects: await countRows(catalog, "bronze.file_reject"),
      stale: await staleRepeats(catalog, landing)
    };
  } finally {
    database.close();
  }
}

async function buildTables(
  catalog: Catalog,
  project: Project,
  run: number,
  options: PipelineOptions
): Promise<TableResult[]> {
  const agreed = await readRun(catalog, "last complete");
  const results = new Map<string, TableResult>();
  for (const model of selected(project, options.select)) {
    const started = new Date();
    const blockers = blockersOf(catalog, model, results);
    const result =
      blockers.length > 0
        ? {
            table: model.name,
            scope: "nothing" as const,
            reason: `waits for ${blockers.join(", ")}`,
            outcome: "blocked" as const,
            rows: 0,
            failures: []
          }
        : await buildUntilDone(catalog, project, model, agreed?.tables ?? [], run, options);
    results.set(model.name, {...result, seconds: secondsSince(started)});
  }
  return [...results.values()];
}

/** Plans and builds a table, anew whenever another process commits to it in between. */
async function buildUntilDone(
  catalog: Catalog,
  project: Project,
  model: Model,
  agreed: readonly RunTable[],
  run: number,
  options: PipelineOptions
): Promise<Omit<TableResult, "seconds">> {
  const fingerprint = project.fingerprints.get(model.name)!;
  let plan: Plan = {table: model.name, scope: "all", reason: "not planned"};
  try {
    for (;;) {
      plan = await planTable(catalog, model, fingerprint, await agreementWith(catalog, model.name, agreed), options);
      if (plan.scope === "nothing") return {...plan, outcome: "unchanged", rows: 0, failures: []};
      const onProgress = (done: number, of: number) => options.onProgress?.({table: model.name, done, of});
      const built: Built = await buildTable(catalog, model, plan, {run, fingerprint, onProgress});
      if (built.outcome !== "lost") return {...plan, ...built, outcome: built.outcome};
      catalog.forget();
    }
  } catch (error) {
    return {
      ...plan,
      outcome: "failed",
      rows: 0,
      failures: [],
      error: error instanceof Error ? error.message : String(error)
    };
  }
}

/** The inputs that failed in this run or wait themselves. */
function blockersOf(catalog: Catalog, model: Model, results: ReadonlyMap<string, TableResult>): string[] {
  return (catalog.inputs.get(model.name) ?? []).flatMap((input) => {
    const view = catalog.models.get(input);
    if (view && isView(catalog, input)) return blockersOf(catalog, view, results);
    const outcome = results.get(input)?.outcome;
    return outcome === "failed" || outcome === "blocked" ? [input] : [];
  });
}

/** Whether every table agrees with its inputs and its model's text: those that the run left out, too. */
async function agrees(catalog: Catalog, project: Project, results: readonly TableResult[]): Promise<boolean> {
  if (results.some(({outcome}) => outcome === "failed" || outcome === "blocked")) return false;
  const visited = new Set(results.map(({table}) => table));
  for (const model of selected(project, undefined)) {
    if (visited.has(model.name)) continue;
    const agreement = await agreementWith(catalog, model.name, []);
    const plan = await planTable(catalog, model, project.fingerprints.get(model.name)!, agreement, {});
    if (plan.scope !== "nothing") return false;
  }
  return true;
}

async function staleRepeats(catalog: Catalog, {repeats}: Landing): Promise<StaleRepeat[]> {
  const stale: StaleRepeat[] = [];
  for (const {path, arrival} of repeats) {
    const superseded =
      (await countRows(catalog, "silver.day_fate", `fate = 'superseded' AND arrival = ${arrival.arrival}`)) +
      (await countRows(catalog, "silver.interval_fate", `fate = 'superseded' AND arrival = ${arrival.arrival}`));
    if (superseded > 0) stale.push({path, arrival, superseded});
  }
  return stale;
}

async function countRows(catalog: Catalog, table: string, where = "true"): Promise<number> {
  if (!(await catalog.snapshot(table))) return 0;
  const [row] = await catalog.database.rows<{count: bigint}>(
    `SELECT count(*) AS count FROM (${await rowsOf(catalog, table)}) WHERE ${where}`
  );
  return Number(row!.count);
}

async function tablesOf(catalog: Catalog, project: Project): Promise<RunTable[]> {
  const tables: RunTable[] = [];
  for (const table of project.tables) {
    const snapshot = await catalog.snapshot(table);
    if (!snapshot) continue;
    const fingerprint = project.fingerprints.get(table);
    tables.push({table, id: snapshot.metadata.id, version: snapshot.version, ...(fingerprint && {fingerprint})});
  }
  return tables;
}

function secondsSince(start: Date): number {
  return (Date.now() - start.getTime()) / 1000;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
