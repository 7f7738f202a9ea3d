import {randomUUID} from "node:crypto";
import {link, readdir, rm} from "node:fs/promises";
import {join} from "node:path";
import type {Connection} from "./engines/duckdb.js";
import {makeFolder} from "./engines/folder.js";
import {openCatalog} from "./models/catalog.js";
import type {Plan} from "./models/plan.js";
import type {Project} from "./models/project.js";
import {lastRunNumber} from "./models/run_record.js";
import {buildTables} from "./pass.js";
import type {PipelineOptions} from "./pipeline.js";
import type {Landing} from "./sources/arrivals.js";
import {ingest, type LandingPlace} from "./sources/ingest.js";
import {writeSettings} from "./sources/settings.js";

/**
 * Goes through a run on a second lake of hard links to the first one's files, which is gone afterwards, to see what
 * each table has to build. It takes what the run takes, in time and in room for what is new; the lake itself, and
 * the list of its arrivals, stay as they are.
 */
export async function rehearse(
  database: Connection,
  project: Project,
  lake: string,
  place: LandingPlace & {readonly landing: Landing},
  options: Pick<PipelineOptions, "select">
): Promise<Plan[]> {
  const second = join(lake, ".tmp", `plan-${randomUUID()}`);
  try {
    for (const schema of new Set(project.tables.map((table) => table.split(".")[0]!)))
      await linkAll(join(lake, schema), join(second, schema));
    const catalog = openCatalog(database, second, project);
    const run = (await lastRunNumber(catalog)) + 1;
    const tell = () => undefined;
    await ingest(catalog, place, run, tell);
    await writeSettings(catalog, place.sources, run);
    const {tables} = await buildTables(catalog, project, run, options, tell);
    return tables.map(({table, scope, reason}) => ({table, scope, reason}));
  } finally {
    await rm(second, {recursive: true, force: true});
  }
}

/**
 * Makes a folder of links to another's files. What a vacuum has just removed is left out. A table's log comes first:
 * the files that it names are then there, whatever is committed meanwhile.
 */
async function linkAll(from: string, to: string): Promise<void> {
  const entries = await readdir(from, {withFileTypes: true}).catch(unlessGone([]));
  await makeFolder(to);
  const isLog = ({name}: {name: string}) => Number(name === "_delta_log");
  for (const entry of entries.sort((a, b) => isLog(b) - isLog(a))) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkAll(source, target);
    else await link(source, target).catch(unlessGone(undefined));
  }
}

function unlessGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== "ENOENT") throw error;
    return instead;
  };
}
