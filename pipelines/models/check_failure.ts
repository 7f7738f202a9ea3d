import type {Catalog} from "./catalog.js";
import type {Failure} from "./check.js";
import {rowsOf} from "./relations.js";
import {type ProgramTable, type RowShape, writeRows} from "./rows.js";

const shape: RowShape = {
  run: "BIGINT",
  table_name: "VARCHAR",
  check_name: "VARCHAR",
  severity: "VARCHAR",
  column_name: "VARCHAR",
  violations: "BIGINT",
  examples: "VARCHAR"
};

const description = "One row a check that failed in a run: where, how often, and up to five of the rows, as JSON.";

/** `quality.check_failure`, as it is written. */
export const checkFailureTable: ProgramTable = {table: "quality.check_failure", description, shape};

/** Keeps what the checks of a run found. */
export async function recordFailures(catalog: Catalog, failures: readonly Failure[], run: number): Promise<void> {
  const rows = failures.map((failure) => ({
    run,
    table_name: failure.table,
    check_name: failure.check,
    severity: failure.severity,
    column_name: failure.column ?? null,
    violations: failure.violations,
    examples: JSON.stringify(failure.examples)
  }));
  while (!(await writeRows(catalog, checkFailureTable.table, description, shape, rows, {run})));
}

/** A failure as a run recorded it. */
export interface RecordedFailure {
  readonly run: number;
  readonly table_name: string;
  readonly check_name: string;
  readonly severity: Failure["severity"];
  readonly column_name: string | null;
  readonly violations: number;
  readonly examples: Failure["examples"];
}

/** What the checks of all runs found, in the order of the runs. */
export async function readFailures(catalog: Catalog): Promise<RecordedFailure[]> {
  if (!(await catalog.snapshot(checkFailureTable.table))) return [];
  const rows = await catalog.database.rows<Record<keyof RecordedFailure, any>>(
    `SELECT * FROM (${await rowsOf(catalog, checkFailureTable.table)}) ORDER BY run, table_name, check_name`
  );
  return rows.map((row) => ({
    ...(row as RecordedFailure),
    run: Number(row.run),
    violations: Number(row.violations),
    examples: JSON.parse(row.examples)
  }));
}
