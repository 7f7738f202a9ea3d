import type {Catalog} from "../models/catalog.js";
import {rowsOf} from "../models/relations.js";
import {type ProgramTable, type RowShape, writeRows} from "../models/rows.js";
import {type Arrival, type Landing, sourceOf, transactionId} from "./arrivals.js";
import type {FileReject} from "./inspect.js";
import type {Source} from "./source.js";

const fileRejectShape: RowShape = {
  source: "VARCHAR",
  arrival: "BIGINT",
  file: "VARCHAR",
  sha256: "VARCHAR",
  reason: "VARCHAR",
  ingested_at: "TIMESTAMP WITH TIME ZONE"
};

/** `bronze.file_reject`, as it is written. */
export const fileRejectTable: ProgramTable = {
  table: "bronze.file_reject",
  description:
    "Files that could not be read, or whose columns are not what their source asks for. What is no file, and what could not be opened, has no arrival.",
  shape: fileRejectShape
};

/** What is wrong with each file, in one sentence of all that its tables' readers say. */
export function byArrival(rejected: readonly FileReject[]): FileReject[] {
  const reasons = new Map<Arrival, Set<string>>();
  for (const {arrival, reason} of rejected) reasons.set(arrival, (reasons.get(arrival) ?? new Set()).add(reason));
  return [...reasons].map(([arrival, said]) => ({arrival, reason: [...said].join("; ")}));
}

/** Lists what is no file, and files that can't be opened: nothing of them arrived. What is listed already isn't listed again. */
export async function recordMisfits(
  catalog: Catalog,
  misfits: Landing["misfits"],
  sources: readonly Source[],
  run: number
): Promise<void> {
  if (misfits.length === 0) return;
  const {table, description, shape} = fileRejectTable;
  const keyOf = (file: string, reason: string) => JSON.stringify([file, reason]);
  const now = new Date().toISOString();
  for (;;) {
    const listed = (await catalog.snapshot(table))
      ? await catalog.database.rows<{file: string; reason: string}>(
          `SELECT file, reason FROM (${await rowsOf(catalog, table)}) WHERE arrival IS NULL`
        )
      : [];
    const known = new Set(listed.map(({file, reason}) => keyOf(file, reason)));
    const rows = misfits
      .filter(({path, reason}) => !known.has(keyOf(path, reason)))
      .map(({path, reason}) => ({
        source: sourceOf(path, sources)?.name ?? null,
        arrival: null,
        file: path,
        sha256: null,
        reason,
        ingested_at: now
      }));
    if (rows.length === 0 || (await writeRows(catalog, table, description, shape, rows, {run}))) return;
  }
}

/** Lists the files that can't be read, those that a run before this one listed left out. */
export async function recordRejects(
  catalog: Catalog,
  rejected: readonly FileReject[],
  run: number
): Promise<FileReject[]> {
  const {table, description, shape} = fileRejectTable;
  for (;;) {
    const listed = (await catalog.snapshot(table))?.transactions.get(transactionId) ?? 0;
    const fresh = rejected.filter(({arrival}) => arrival.arrival > listed);
    const rows = fresh.map(({arrival, reason}) => ({
      source: arrival.source,
      arrival: arrival.arrival,
      file: arrival.path,
      sha256: arrival.sha256,
      reason,
      ingested_at: arrival.arrived_at
    }));
    const version = Math.max(listed, ...fresh.map(({arrival}) => arrival.arrival));
    const transaction = {appId: transactionId, version};
    if (await writeRows(catalog, table, description, shape, rows, {run, transaction})) return fresh;
  }
}
