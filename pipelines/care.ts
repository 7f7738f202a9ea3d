import {join} from "node:path";
import {onDisk, published} from "./delta/ground.js";
import {latestVersion, readCommits} from "./delta/log.js";
import {type Optimized, optimize} from "./delta/optimize.js";
import {isReadable, readableText} from "./delta/readable.js";
import {restore} from "./delta/restore.js";
import {readSnapshot} from "./delta/snapshot.js";
import {type Vacuumed, vacuum} from "./delta/vacuum.js";
import {openDuckDB} from "./engines/duckdb.js";
import {withLease} from "./lease.js";
import {type Catalog, isView, openCatalog} from "./models/catalog.js";
import {versionOf} from "./models/change.js";
import {lastBuild} from "./models/plan.js";
import {openProject, type Project} from "./models/project.js";
import {type RunTable, readRun, recordRun, requireRun} from "./models/run_record.js";
import {version as programVersion} from "./version.js";

/** What was done to one table. */
export type Cared<Result> = Result & {readonly table: string};

/**
 * Folds the small files of tables into files of whole months, their rows ordered by the table's key. Readers find the tables as
 * they were, in fewer files, from the next query on.
 */
export async function optimizeLake(
  lake: string,
  tables?: readonly string[],
  {fileRows}: {readonly fileRows?: number} = {}
): Promise<Cared<Optimized>[]> {
  return withLake(lake, async (catalog, project) => {
    const done: Cared<Optimized>[] = [];
    for (const table of await existing(catalog, project, tables)) {
      const {key: order = [], increment: by} = catalog.models.get(table) ?? {};
      done.push({table, ...(await optimize(catalog.database, catalog.root(table), {order, by, fileRows}))});
      catalog.forget(table);
    }
    await carryOver(catalog, project);
    return done;
  });
}

/** Removes the files of tables that no version younger than the retention needs, nor the last complete run. */
export async function vacuumLake(
  lake: string,
  options: {readonly retainMilliseconds: number; readonly dryRun: boolean},
  tables?: readonly string[]
): Promise<Cared<Vacuumed>[]> {
  return withLake(lake, async (catalog, project) => {
    const complete = await readRun(catalog, "last complete");
    const done: Cared<Vacuumed>[] = [];
    for (const table of await existing(catalog, project, tables)) {
      const read = complete?.tables.find((other) => other.table === table);
      const keepVersions = read ? [read.version] : [];
      done.push({table, ...(await vacuum(catalog.database, catalog.root(table), {...options, keepVersions}))});
    }
    return done;
  });
}

/** Makes a table what it was at an older version. The next run brings what depends on it, and itself, up to date. */
export async function restoreTable(lake: string, table: string, version: number): Promise<number> {
  return withLake(lake, async (catalog, project) => {
    const [name] = await existing(catalog, project, [table]);
    const root = catalog.root(name!);
    if (version <= (await latestVersion(root)) && !(await isReadable(catalog.database, root, version)))
      throw new Error(
        `version ${version} of ${table} can't be restored: vacuum removed files of it; ${await readableText(catalog.database, root)}`
      );
    // The plan compares a table with what its build read: with that of the version restored.
    const build = await lastBuild((await readSnapshot(catalog.database, root, {version}))!);
    const agreed = build && {fingerprint: build.fingerprint, inputs: Object.fromEntries(build.inputs)};
    return restore(catalog.database, root, version, {reason: `restored to version ${version}`, ...agreed});
  });
}

async function withLake<T>(lake: string, work: (catalog: Catalog, project: Project) => Promise<T>): Promise<T> {
  const database = await openDuckDB({tempDirectory: join(lake, ".tmp")});
  try {
    const project = await openProject(database);
    const catalog = openCatalog(database, lake, project);
    await requireRun(catalog);
    return await onDisk(lake, published, () => withLease(lake, {wait: true}, () => work(catalog, project)));
  } finally {
    database.close();
  }
}

async function existing(catalog: Catalog, project: Project, tables?: readonly string[]): Promise<string[]> {
  const there: string[] = [];
  for (const table of project.tables) if (!isView(catalog, table) && (await catalog.snapshot(table))) there.push(table);
  const unknown = tables?.find((table) => !there.includes(table));
  if (unknown !== undefined) throw new Error(`table not found: ${unknown}; there are ${there.join(", ")}`);
  return [...(tables ?? there)];
}

/**
 * Records the last complete run anew with the versions that only laid its tables out differently, so that readers
 * get those. Where a table's rows have changed since, there is nothing to carry over: the next run will tell.
 */
async function carryOver(catalog: Catalog, project: Project): Promise<void> {
  const complete = await readRun(catalog, "last complete");
  if (!complete) return;
  const tables: RunTable[] = [];
  for (const told of complete.tables) {
    const snapshot = await catalog.snapshot(told.table);
    if (!snapshot || snapshot.metadata.id !== told.id) return;
    const since = await readCommits(snapshot.root, told.version, snapshot.version);
    const isLayout = since.every(({adds, removes}) => [...adds, ...removes].every(({dataChange}) => !dataChange));
    if (!isLayout && catalog.models.has(told.table)) return;
    tables.push({...told, ...versionOf(snapshot)});
  }
  if (tables.every(({version}, index) => version === complete.tables[index]!.version)) return;
  const now = new Date().toISOString();
  await recordRun(catalog, {
    run: complete.run + 1,
    started_at: now,
    finished_at: now,
    complete: true,
    exit_code: 0,
    error: null,
    rows_written: 0,
    files_taken: 0,
    files_rejected: 0,
    program_version: programVersion,
    engine: `duckdb ${project.engineVersion}`,
    tables
  });
}
