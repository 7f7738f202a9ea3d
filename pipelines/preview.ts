import {existsSync} from "node:fs";
import {join} from "node:path";
import {distinct, type Values} from "./delta/slice.js";
import {openDuckDB} from "./engines/duckdb.js";
import {type Catalog, openCatalog, storedInputs} from "./models/catalog.js";
import type {Model} from "./models/model.js";
import {type Plan, planTable} from "./models/plan.js";
import {openProject, selected} from "./models/project.js";
import {agreementWith, readRun} from "./models/run_record.js";
import {ofClient, type PipelineOptions} from "./pipeline.js";
import {rehearse} from "./rehearsal.js";
import {land} from "./sources/arrivals.js";
import {destinations, refuseUnread} from "./sources/destinations.js";
import {limitsOf, sourcesOf} from "./sources/lake_sources.js";

/** What a run would do. */
export interface Preview {
  /** Files that would be taken in, by their path in the landing folder. */
  readonly files: readonly string[];
  readonly tables: readonly PreviewedTable[];
}

/** What a run would do to one table. */
export interface PreviewedTable extends Omit<Plan, "scope"> {
  /** As in a plan, or the tables whose changes it follows: what those touch is known once they are built. */
  readonly scope: Plan["scope"] | {readonly follows: readonly string[]};
}

/**
 * Says what a run would do, without doing any of it to the lake. What files that have arrived touch further down is
 * found out by a rehearsal, which costs what the run will cost. Where the run is to build a table that is not small
 * whole, or what is asked for, that is said instead, and what depends on it follows.
 */
export async function previewPipeline(options: PipelineOptions = {}): Promise<Preview> {
  const folder = options.lake ?? "lake";
  const landingFolder = options.landing ?? join(folder, "landing");
  const sources = options.sources ?? (await sourcesOf(folder, landingFolder));
  const limits = options.limits ?? (await limitsOf(folder));
  const tempDirectory = join(folder, ".tmp");
  const database = await openDuckDB(existsSync(tempDirectory) ? {tempDirectory} : undefined);
  try {
    const project = await openProject(database, options);
    const catalog = openCatalog(database, folder, project);
    refuseUnread(catalog, sources);
    const asked = await ofClient(catalog, project, sources, options);
    const landing = await land(landingFolder, sources, {again: options.again, write: false});
    const agreed = (await readRun(catalog, "last complete"))?.tables ?? [];
    const tables = new Map<string, PreviewedTable>();
    for (const {table, arrivals} of destinations(catalog, sources, landing.fresh)) {
      const reason = `arrived: ${arrivals.map(({path}) => path).join(", ")}`;
      if (arrivals.length > 0) tables.set(table, {table, scope: {follows: ["landing"]}, reason});
    }
    for (const model of selected(project, options.select)) {
      const standing = await catalog.snapshot(model.name);
      const own: Plan = standing
        ? await planTable(
            catalog,
            model,
            project.fingerprints.get(model.name)!,
            await agreementWith(catalog, model.name, agreed),
            asked
          )
        : {table: model.name, scope: "all", reason: "not built yet"};
      tables.set(model.name, followUpstream(catalog, model, own, tables));
    }
    const files = landing.fresh.map(({path}) => path);
    if (!isRehearsable(catalog, [...tables.values()], options)) return {files, tables: [...tables.values()]};
    const rehearsed = await rehearse(
      database,
      project,
      folder,
      {landing, folder: landingFolder, sources, limits},
      options
    );
    const bronze = [...tables.values()].filter(({table}) => table.startsWith("bronze."));
    return {files, tables: [...bronze, ...rehearsed]};
  } finally {
    database.close();
  }
}

/** Whether there is something to find out, and no table would be built whole for it but those that always are. */
function isRehearsable(catalog: Catalog, tables: readonly PreviewedTable[], asked: PipelineOptions): boolean {
  if (asked.fullRefresh || asked.from !== undefined || asked.to !== undefined) return false;
  const isWhole = ({table, scope}: PreviewedTable) =>
    scope === "all" && catalog.models.get(table)?.increment !== undefined;
  return tables.some(({scope}) => scope !== "nothing") && !tables.some(isWhole);
}

/** A table's plan with what the plans of its inputs will add to it. */
function followUpstream(
  catalog: Catalog,
  model: Model,
  own: Plan,
  tables: ReadonlyMap<string, PreviewedTable>
): PreviewedTable {
  if (own.scope === "all") return own;
  const upstream = storedInputs(catalog, model.name)
    .map((input) => tables.get(input))
    .filter((plan) => plan !== undefined && plan.scope !== "nothing") as PreviewedTable[];
  if (upstream.length === 0) return own;
  const names = upstream.map(({table}) => table);
  const reason = `${names.join(", ")} will change`;
  const isKnown = upstream.every(
    ({table, scope}) => Array.isArray(scope) && catalog.models.get(table)?.increment === model.increment
  );
  if (!isKnown) return {table: model.name, scope: {follows: names}, reason};
  const values = upstream.flatMap(({scope}) => scope as Values);
  return {table: model.name, scope: distinct([...values, ...(own.scope === "nothing" ? [] : own.scope)]), reason};
}
