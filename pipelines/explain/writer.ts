import type {CommitInfo} from "../delta/actions.js";
import {type Commit, readCommits} from "../delta/log.js";
import type {Slice} from "../delta/slice.js";
import type {Lakehouse} from "../lakehouse.js";
import {type Held, slicesOf} from "./rows.js";

/** What wrote rows of a table: a version of it, and the run and the text of the model behind that. */
export interface Writer {
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly run: number | null;
  /** Of the model's text and what else its rows depend on; null for what no model makes. */
  readonly fingerprint: string | null;
  readonly reason: string | null;
}

/**
 * The versions of a stored table that last wrote rows of it, newest first, by what its log says each version touched.
 * A row's date counts as written by the last version in which any row of that date changed.
 */
export async function writersOf(lake: Lakehouse, held: Held): Promise<Writer[]> {
  const snapshot = await lake.catalog.snapshot(held.table);
  if (!snapshot) return [];
  const increment = lake.catalog.models.get(held.table)?.increment;
  const by = held.table.startsWith("bronze.") ? "arrival" : increment;
  const [slice] = by === undefined ? [] : await slicesOf(lake, held, [by]);
  const arrivals = slice?.column === "arrival";
  const waiting = new Set(slice?.values ?? ["all"]);
  const writers: Writer[] = [];
  let arrived: Commit | undefined;
  for (let version = snapshot.version; version >= 0 && waiting.size > 0; version--) {
    const [commit] = await readCommits(snapshot.root, version - 1, version).catch(() => []);
    // Older entries of the log may have been cleaned up.
    if (!commit) break;
    if (![...commit.adds, ...commit.removes].some(({dataChange}) => dataChange)) continue;
    if (arrivals) {
      // The commit that brought an arrival is the oldest that covers it.
      const [covered = Number.POSITIVE_INFINITY] = commit.transactions.map((transaction) => transaction.version);
      const before = [...waiting].filter((arrival) => Number(arrival) > covered);
      if (before.length > 0 && arrived) writers.push(writer(arrived));
      for (const arrival of before) waiting.delete(arrival);
      arrived = commit;
      continue;
    }
    const touched = commit.info?.touched as Slice | undefined;
    const written =
      touched && touched.column === slice?.column ? touched.values.filter((value) => waiting.has(value)) : [...waiting];
    if (written.length > 0) writers.push(writer(commit));
    for (const value of written) waiting.delete(value);
  }
  if (arrived && waiting.size > 0) writers.push(writer(arrived));
  return writers;
}

function writer({version, info}: Commit): Writer {
  const {timestamp, run, fingerprint, reason} = (info ?? {}) as CommitInfo;
  return {
    version,
    at: new Date(Number(timestamp)).toISOString(),
    run: typeof run === "number" ? run : null,
    fingerprint: typeof fingerprint === "string" ? fingerprint : null,
    reason: typeof reason === "string" ? reason : null
  };
}
