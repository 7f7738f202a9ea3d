import {readCommits} from "./delta/log.js";
import type {Lakehouse} from "./lakehouse.js";
import type {Catalog} from "./models/catalog.js";
import {checksOf} from "./models/check.js";
import {type RecordedFailure, readFailures} from "./models/check_failure.js";
import {byLayer} from "./models/layers.js";
import type {Model} from "./models/model.js";
import {lastRunNumber} from "./models/run_record.js";

/** What came of a check in a run. A table's checks run when rows of it are about to be published. */
export interface CheckOutcome {
  readonly table: string;
  readonly check: string;
  readonly severity: "error" | "warn";
  readonly outcome: "held" | "failed" | "not run";
  /** The run, this or an earlier one, that ran it last, and how it then came out; null when none is known of. */
  readonly last_run: number | null;
  readonly last_outcome: "held" | "failed" | null;
  readonly column: string | null;
  /** How many rows failed it when it ran last. */
  readonly violations: number;
  /** Up to five of them. */
  readonly examples: readonly unknown[];
}

/** The checks of a lake's tables, as one run left them. */
export interface CheckList {
  readonly run: number;
  readonly checks: readonly CheckOutcome[];
}

/**
 * Tells what came of each check of the models in a run, the last one by default: by the tables' logs, which say in
 * which run rows were published and what they had to pass, and by `quality.check_failure`.
 *
 * @param lake at its newest versions: `latest`
 * @throws Error when there is no such run.
 */
export async function listChecks({catalog, project}: Lakehouse, run?: number): Promise<CheckList> {
  const last = await lastRunNumber(catalog);
  if (run !== undefined && (run < 1 || run > last)) throw new Error(`run not found: ${run}; the last is ${last}`);
  const asked = run ?? last;
  const failures = (await readFailures(catalog)).filter((failure) => failure.run <= asked);
  const models = new Map(project.models.map((model) => [model.name, model]));
  const checks: CheckOutcome[] = [];
  for (const table of byLayer([...models.keys()]))
    checks.push(...(await outcomesOf(catalog, models.get(table)!, failures, asked)));
  const isListed = ({table_name, check_name}: RecordedFailure) =>
    checks.some(({table, check}) => table === table_name && check === check_name);
  for (const failure of failures) {
    // The check has been taken away since.
    if (failure.run === asked && !isListed(failure)) checks.push(failed(failure));
  }
  return {run: asked, checks};
}

function failed(failure: RecordedFailure): CheckOutcome {
  const {run, table_name, check_name, severity, column_name, violations, examples} = failure;
  return {
    table: table_name,
    check: check_name,
    severity,
    outcome: "failed",
    last_run: run,
    last_outcome: "failed",
    column: column_name,
    violations,
    examples
  };
}

async function outcomesOf(
  catalog: Catalog,
  model: Model,
  failures: readonly RecordedFailure[],
  run: number
): Promise<CheckOutcome[]> {
  if (!model.stored || model.name.startsWith("bronze.")) return [];
  const found = failures.filter(({table_name}) => table_name === model.name);
  const published = await publishedChecks(catalog, model.name, run);
  return checksOf(model).map(({name, severity, column}): CheckOutcome => {
    // What failed for an error isn't published, but all of the table's checks ran on it.
    const runs = [published.get(name) ?? [], found.map((failure) => failure.run)].flat();
    const last = runs.length > 0 ? Math.max(...runs) : null;
    const failure = found.find((other) => other.check_name === name && other.run === last);
    if (failure) return {...failed(failure), ...(last !== run && {outcome: "not run"})};
    return {
      table: model.name,
      check: name,
      severity,
      outcome: last === run ? "held" : "not run",
      last_run: last,
      last_outcome: last === null ? null : "held",
      column: column ?? null,
      violations: 0,
      examples: []
    };
  });
}

/** By check, the newest run up to one that published rows of a table after it had held, or had only warned. */
async function publishedChecks(catalog: Catalog, table: string, upTo: number): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const snapshot = await catalog.snapshot(table);
  for (let version = snapshot?.version ?? -1; version >= 0; version--) {
    const [commit] = await readCommits(snapshot!.root, version - 1, version).catch(() => []);
    // Older entries of the log may have been cleaned up.
    if (!commit) break;
    const {run, checks} = (commit.info ?? {}) as {run?: number; checks?: string[]};
    if (run === undefined || run > upTo || !checks) continue;
    for (const check of checks) found.set(check, Math.max(run, found.get(check) ?? 0));
  }
  return found;
}
