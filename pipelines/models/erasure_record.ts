import type {Catalog} from "./catalog.js";
import {rowsOf} from "./relations.js";
import {type ProgramTable, type RowShape, writeRows} from "./rows.js";
import {lastRunNumber} from "./run_record.js";

const shape: RowShape = {
  run: "BIGINT",
  erased_at: "TIMESTAMP WITH TIME ZONE",
  erased_by: "VARCHAR",
  client_id: "VARCHAR",
  files_rewritten: "BIGINT",
  files_removed: "BIGINT"
};

/** `ops.erasure`, as it is written. */
export const erasureTable: ProgramTable = {
  table: "ops.erasure",
  description:
    "One row an erasure of a customer, whom it doesn't name: when, by whom, of which client. run is the first whose tables are without him; those before can't be read any more.",
  shape
};

/** An erasure as the lake remembers it. */
export interface ErasureRecord {
  /** The first run after it. */
  readonly run: number;
  /** ISO 8601, UTC. */
  readonly erased_at: string;
  readonly erased_by: string;
  readonly client_id: string;
  readonly files_rewritten: number;
  readonly files_removed: number;
}

/** Writes an erasure down, once. */
export async function recordErasure(catalog: Catalog, record: ErasureRecord): Promise<void> {
  const {table, description} = erasureTable;
  for (;;) {
    if ((await newestErasure(catalog))?.erased_at === record.erased_at) return;
    if (await writeRows(catalog, table, description, shape, [{...record}], {run: record.run})) return;
  }
}

/** @throws Error of a run from before the newest erasure: its versions are gone with the customer. */
export async function refuseErased(catalog: Catalog, run: number): Promise<void> {
  const erasure = await newestErasure(catalog);
  if (!erasure || run >= erasure.run) return;
  throw new Error(
    `run can't be read any more: ${run}; a customer was erased on ${erasure.erased_at.slice(0, 10)}, and what runs had left before with them: the first that can be read is ${erasure.run}, the last is ${await lastRunNumber(catalog)}`
  );
}

async function newestErasure(catalog: Catalog): Promise<{run: number; erased_at: string} | undefined> {
  if (!(await catalog.snapshot(erasureTable.table))) return undefined;
  const [row] = await catalog.database.rows<{run: bigint; erased_at: Date}>(
    `SELECT run, erased_at FROM (${await rowsOf(catalog, erasureTable.table)}) ORDER BY run DESC LIMIT 1`
  );
  return row && {run: Number(row.run), erased_at: row.erased_at.toISOString()};
}
