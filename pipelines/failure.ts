import {existsSync} from "node:fs";
import {type Connection, engineVersion} from "./engines/duckdb.js";
import {openCatalog} from "./models/catalog.js";
import {balances, type Reconciliation} from "./models/reconciliation.js";
import {lastRunNumber, recordRun} from "./models/run_record.js";
import type {TableResult} from "./pass.js";
import type {Landing} from "./sources/arrivals.js";
import type {Intaken} from "./sources/ingest.js";
import {version} from "./version.js";
import {faultText} from "./wording/command.js";

/** What decides whether a run did all there was to do. */
interface Outcome {
  readonly landing: Pick<Landing, "misfits">;
  readonly intake: Intaken;
  readonly tables: readonly TableResult[];
  readonly reconciliation: readonly Reconciliation[];
}

/** Whether a run met something that it couldn't do. What stood before it stands. */
export function hasFailed({landing, intake, tables, reconciliation}: Outcome): boolean {
  return (
    intake.rejected.length > 0 ||
    landing.misfits.length > 0 ||
    tables.some(({outcome}) => outcome === "failed" || outcome === "blocked") ||
    !reconciliation.every(balances)
  );
}

/**
 * Records a run that an error ended before it could look at its tables, so that a night without data isn't a night
 * without a trace. Where there is neither a lake nor a landing folder, as under a mistyped name, none is made.
 *
 * @returns the run's number; undefined where it couldn't be recorded: what kept the run may keep its record, too
 */
export async function recordFailedRun(
  database: Connection,
  {lake, landing, started, error}: {lake: string; landing: string; started: Date; error: unknown}
): Promise<number | undefined> {
  try {
    const catalog = openCatalog(database, lake, {models: [], inputs: new Map()});
    const last = await lastRunNumber(catalog);
    if (last === 0 && !existsSync(landing)) return undefined;
    return await recordRun(catalog, {
      run: last + 1,
      started_at: started.toISOString(),
      finished_at: new Date().toISOString(),
      complete: false,
      exit_code: 1,
      error: faultText(error),
      rows_written: 0,
      files_taken: 0,
      files_rejected: 0,
      program_version: version,
      engine: `duckdb ${await engineVersion(database)}`,
      tables: []
    });
  } catch {
    return undefined;
  }
}
