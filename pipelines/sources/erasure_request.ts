import {readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {flush} from "../delta/ground.js";
import {replaceText} from "./ledger.js";

/** Who is to be erased. */
export interface ErasureOrder {
  readonly client: string;
  readonly location?: string;
  /** Meters named beside the location, or alone. */
  readonly meters: readonly string[];
  /** Who asked for it. */
  readonly by: string;
}

/** A meter of the customer's. */
export interface CustomerMeter {
  readonly meter_id: string;
  /** Null: all of its fuels. */
  readonly fuel: string | null;
  /** Whether rows go that name another location, from before it came to this one, or after. */
  readonly anywhere: boolean;
}

/** What becomes of a file in the landing folder that holds the customer. */
export interface FilePlan {
  readonly source: string;
  readonly arrivals: readonly number[];
  readonly old_sha256: string;
  /** Null: nothing is left of it, and it goes. */
  readonly new_sha256: string | null;
  /** Bytes of what is left. */
  readonly bytes: number;
  /** Where it lies, each of its copies; none where it is no longer in the landing folder. */
  readonly old_paths: readonly string[];
  /** Where it will lie, without the customer's ids. */
  readonly new_paths: readonly string[];
  readonly rows_removed: number;
}

/** What was found before anything was changed: with it a killed erasure goes on, and proves that nothing else changed. */
export interface ErasurePlan {
  /** Of the location, and of those meters that are his alone. */
  readonly ids: readonly string[];
  /** Those of the ids that other clients have too: only rows that name their client tell whose they are. */
  readonly shared_ids: readonly string[];
  readonly meters: readonly CustomerMeter[];
  /** Every meter of which rows go: also one that is now at another location. */
  readonly touched_meters: readonly string[];
  /** Every location of which rows go: also that of a meter which goes alone. */
  readonly touched_locations: readonly string[];
  readonly files: readonly FilePlan[];
  /** The Bronze tables that have his rows. */
  readonly tables: readonly string[];
  /** By table, its rows. */
  readonly rows: Readonly<Record<string, number>>;
  /** By table, the digest of the rows of others. */
  readonly digests: Readonly<Record<string, string>>;
}

/** An erasure that is under way, or was when its process died. */
export interface ErasureRequest extends ErasureOrder {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly plan?: ErasurePlan;
}

const file = "_erasing.json";

/** The erasure that is open on a landing folder. */
export async function openErasure(landing: string): Promise<ErasureRequest | undefined> {
  const text = await readFile(join(landing, file), "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as ErasureRequest);
}

/** Writes an erasure down, so that it isn't forgotten whatever becomes of its process. */
export function writeErasure(landing: string, request: ErasureRequest): Promise<void> {
  return replaceText(join(landing, file), `${JSON.stringify(request)}\n`);
}

/** Forgets an erasure that is done: its request names the customer. */
export async function closeErasure(landing: string): Promise<void> {
  await rm(join(landing, file), {force: true});
  await flush(landing);
}

/** @throws Error while an erasure is open: the landing folder and the tables don't agree. */
export async function refuseOpenErasure(landing: string): Promise<void> {
  const open = await openErasure(landing);
  if (!open) return;
  throw new Error(
    `erasure open: of a customer of ${open.client}, begun ${open.at} by ${open.by}; finish it first: npm run -s lake -- erase --resume`
  );
}
