import {join} from "node:path";
import {appendLedger, LedgerReader} from "./ledger.js";

/** A content that an erasure took from the landing folder, as `_erased.jsonl` lists it: whose it was, it doesn't say. */
export interface Tombstone {
  /** Where the file is now, or was: relative to the landing folder, with `/`. */
  readonly path: string;
  readonly source: string;
  /** Of the content that is not to come back. */
  readonly old_sha256: string;
  /** Of what is left of it; null where nothing is. */
  readonly new_sha256: string | null;
  /** ISO 8601, UTC. */
  readonly erased_at: string;
  readonly by: string;
  readonly client: string;
}

/** The contents that were erased, in order. */
export async function readTombstones(landing: string): Promise<Tombstone[]> {
  return (await tombstoneLedger(landing).read()).entries;
}

export function tombstoneLedger(landing: string): LedgerReader<Tombstone> {
  return new LedgerReader(join(landing, "_erased.jsonl"), {
    name: "tombstone",
    worth: "keeps what was erased from coming back"
  });
}

export function appendTombstones(landing: string, tombstones: readonly Tombstone[]): Promise<void> {
  return appendLedger(join(landing, "_erased.jsonl"), tombstones);
}

/** By the hash of each content that is not to come back, why. */
export async function refusals(landing: string): Promise<ReadonlyMap<string, string>> {
  const tombstones = await readTombstones(landing);
  return new Map(tombstones.map((tombstone) => [tombstone.old_sha256, refusal(tombstone)]));
}

/** Why a content that was erased isn't taken in. */
export function refusal({erased_at}: Tombstone): string {
  return `it holds a customer who was erased on ${erased_at.slice(0, 10)}; remove it, and ask its sender for one without`;
}
