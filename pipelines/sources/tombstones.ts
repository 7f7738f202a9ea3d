import {join} from "node:path";
import {appendLedger, readLedger} from "./ledger.js";

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
export function readTombstones(landing: string): Promise<Tombstone[]> {
  return readLedger(join(landing, "_erased.jsonl"), {
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
  return new Map(tombstones.map(({old_sha256, erased_at}) => [old_sha256, refusal(erased_at)]));
}

function refusal(erasedAt: string): string {
  return `it holds a customer who was erased on ${erasedAt.slice(0, 10)}; remove it, and ask its sender for one without`;
}
