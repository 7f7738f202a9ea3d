import {damageOf} from "./delta/damage.js";
import {published} from "./delta/ground.js";
import {type Built, buildTable} from "./models/build.js";
import {type Catalog, isView, storedInputs} from "./models/catalog.js";
import type {Failure} from "./models/check.js";
import type {Model} from "./models/model.js";
import {type Asked, inputVersions, type Plan, planTable} from "./models/plan.js";
import {type Project, selected} from "./models/project.js";
import {agreementWith, type RunTable, readRun} from "./models/run_record.js";
import type {Tell} from "./observe/events.js";
import {reach} from "./observe/steps.js";
import {stopwatch} from "./observe/stopwatch.js";
import {queryFault} from "./wording/query.js";
import {DiskFull, fullFolder, isDiskFull, isSystemError, systemFault} from "./wording/system.js";

/** What became of one table in a run. */
export interface TableResult extends Plan {
  readonly outcome: "built" | "unchanged" | "failed" | "blocked";
  readonly rows: number;
  readonly seconds: number;
  readonly failures: readonly Failure[];
  /** Why it failed, where it wasn't a check; or the tables that block it. */
  readonly error?: string;
}

/** A table at a version that a pass read or left behind. */
interface TableSeen {
  readonly table: string;
  readonly version: number;
}

/** What one pass over the tables came to. */
export interface Pass {
  readonly tables: readonly TableResult[];
  /** What its decisions rest on: as long as each is its table's newest, the tables agree with each other. */
  readonly seen: readonly TableSeen[];
}

/** What to build. */
interface PassOptions extends Asked {
  /** Once it is given, no further table is begun. */
  readonly signal?: AbortSignal;
  readonly select?: readonly string[];
  /** How many rows a file should have, about. */
  readonly fileRows?: number;
}

/** Plans and builds each table, once what it is made from is built. What fails holds up what depends on it. */
export async function buildTables(
  catalog: Catalog,
  project: Project,
  run: number,
  options: PassOptions,
  tell: Tell
): Promise<Pass> {
  const seen: TableSeen[] = [];
  const agreed = await readRun(catalog, "last complete");
  const results = new Map<string, TableResult>();
  for (const model of selected(project, options.select)) {
    const lap = stopwatch();
    const blockers = blockersOf(catalog, model, results);
    const isStopped = options.signal?.aborted ?? false;
    const result =
      isStopped || blockers.length > 0
        ? {
            table: model.name,
            scope: "nothing" as const,
            reason: isStopped ? "waits for the next run: this one was stopped" : `waits for ${blockers.join(", ")}`,
            outcome: "blocked" as const,
            rows: 0,
            failures: []
          }
        : await buildUntilDone(catalog, project, model, agreed?.tables ?? [], run, options, seen, tell);
    const seconds = lap();
    results.set(model.name, {...result, seconds});
    const {table, outcome, rows} = result;
    tell({kind: "table finished", table, outcome, reason: whyOf(result), rows, seconds});
    reach("between tables");
  }
  return {tables: [...results.values()], seen};
}

/** Plans and builds a table, anew whenever another process commits to it in between. */
async function buildUntilDone(
  catalog: Catalog,
  project: Project,
  model: Model,
  agreed: readonly RunTable[],
  run: number,
  options: PassOptions,
  seen: TableSeen[],
  tell: Tell
): Promise<Omit<TableResult, "seconds">> {
  const fingerprint = project.fingerprints.get(model.name)!;
  let plan: Plan = {table: model.name, scope: "all", reason: "not planned"};
  try {
    for (;;) {
      plan = await planTable(catalog, model, fingerprint, await agreementWith(catalog, model.name, agreed), options);
      const before = (await catalog.snapshot(model.name))?.version ?? -1;
      const inputs = [...(await inputVersions(catalog, model.name))].map(([table, {version}]) => ({table, version}));
      tell({kind: "table planned", ...plan, inputs});
      if (plan.scope === "nothing") {
        seen.push(...inputs, {table: model.name, version: before});
        return {...plan, outcome: "unchanged", rows: 0, failures: []};
      }
      const built: Built = await buildTable(catalog, model, plan, {run, fingerprint, fileRows: options.fileRows, tell});
      if (built.outcome !== "lost") {
        seen.push(...inputs, {table: model.name, version: built.outcome === "built" ? before + 1 : before});
        return {...plan, ...built, outcome: built.outcome};
      }
      tell({kind: "table lost", table: model.name});
      catalog.forget();
    }
  } catch (error) {
    return {
      ...plan,
      outcome: "failed",
      rows: 0,
      failures: [],
      error: await explain(catalog, model, error)
    };
  }
}

/** Why a table is as it is after a run: the plan's reason; where it failed, the error, or the checks that did. */
function whyOf({reason, outcome, error, failures}: Omit<TableResult, "seconds">): string {
  if (outcome !== "failed") return reason;
  const failed = failures.filter(({severity}) => severity === "error").map(({check}) => check);
  return error ?? `checks failed: ${failed.join(", ")}`;
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

/** An error as a sentence: where files of the table or of its inputs are damaged, that is what it comes from. */
async function explain(catalog: Catalog, {name, sql}: Model, error: unknown): Promise<string> {
  for (const table of [...storedInputs(catalog, name), name]) {
    const snapshot = await catalog.snapshot(table).catch(() => undefined);
    const damage = snapshot && (await damageOf(snapshot.files));
    if (damage) return `${damage}; restore it from a copy, or build ${table} anew with --full-refresh`;
  }
  if (isDiskFull(error)) return new DiskFull(fullFolder(error) ?? catalog.folder, published).message;
  return isSystemError(error) ? systemFault(error) : queryFault(error, {sql});
}

/** What became of each table in two passes of one run: what the second left alone is as the first left it. */
export function mergeResults(first: readonly TableResult[], second: readonly TableResult[]): readonly TableResult[] {
  const before = new Map(first.map((result) => [result.table, result]));
  return second.map((result) => {
    const earlier = before.get(result.table);
    const isDone = earlier?.outcome === "built" || earlier?.outcome === "unchanged";
    if (!isDone) return result;
    if (result.outcome === "unchanged") return earlier;
    return {...earlier, ...result, rows: earlier.rows + result.rows, seconds: earlier.seconds + result.seconds};
  });
}
