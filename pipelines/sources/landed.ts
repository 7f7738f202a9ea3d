import {join} from "node:path";
import type {LandedFormat} from "./catalogue/known_format.js";
import {appendLedger, LedgerReader} from "./ledger.js";

/** A file that was handed over to `land` or `collect`, as the manifests in the landing folder list it. */
export interface Landed {
  readonly source: string;
  readonly client: string;
  /** Where it lies: relative to the landing folder, with `/`. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** What it was called where it came from: a file's name, or an address without what is secret in it. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly landed_at: string;
  /** What its rows leave empty, as it was said when the file was handed over. */
  readonly defaults?: RowDefaults;
  /** The known format by which it is read, where it is no file of a source that is defined elsewhere. */
  readonly format?: LandedFormat;
}

/** Texts for columns of `bronze.interval_row` that the rows of a file leave empty. */
export type RowDefaults = {readonly [Column in (typeof defaultColumns)[number]]?: string};

/** The columns of `bronze.interval_row` that `land` may fill for a whole file. */
export const defaultColumns = [
  "client_id",
  "location_id",
  "meter_id",
  "fuel",
  "channel",
  "unit",
  "calorific_value_mj_m3",
  "register_digits"
] as const;

/** A file that its source could not take in, kept beside those that it can. */
export interface Refused extends Omit<Landed, "path"> {
  /** Null where it isn't kept: it holds a customer who was erased. */
  readonly path: string | null;
  readonly reason: string;
}

export const landedFile = "_landed.jsonl";
export const refusedFile = "_rejected.jsonl";

/** The files handed over, in order: `_landed.jsonl`. */
export function landedLedger(landing: string): LedgerReader<Landed> {
  return new LedgerReader(join(landing, landedFile), {name: "landed file", worth: "says which data is newer"});
}

/** The files refused, in order: `_rejected.jsonl`. */
export function refusedLedger(landing: string): LedgerReader<Refused> {
  return new LedgerReader(join(landing, refusedFile), {name: "rejected file", worth: "says why it was"});
}

export async function readLanded(landing: string): Promise<Landed[]> {
  return (await landedLedger(landing).read()).entries;
}

export async function readRefused(landing: string): Promise<Refused[]> {
  return (await refusedLedger(landing).read()).entries;
}

export async function appendLanded(landing: string, landed: readonly Landed[]): Promise<void> {
  if (landed.length > 0) await appendLedger(join(landing, landedFile), landed);
}

export async function appendRefused(landing: string, refused: readonly Refused[]): Promise<void> {
  if (refused.length > 0) await appendLedger(join(landing, refusedFile), refused);
}
