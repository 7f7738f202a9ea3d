import {type Commit, readCommits} from "../delta/log.js";
import type {Snapshot} from "../delta/snapshot.js";
import type {Catalog} from "./catalog.js";
import type {RowShape} from "./rows.js";

/** One version of a table: when it was made, by which run, and what it did. */
export interface TableVersionRow {
  readonly version: number;
  readonly at: string;
  readonly run: number | null;
  readonly operation: string;
  readonly rows: number | null;
  readonly files_added: number;
  readonly files_removed: number;
  /** The values of the increment column that changed, first to last; null where the whole table did. */
  readonly touched: string | null;
  readonly reason: string | null;
}

export const historyShape: RowShape = {
  version: "BIGINT",
  at: "TIMESTAMP WITH TIME ZONE",
  run: "BIGINT",
  operation: "VARCHAR",
  rows: "BIGINT",
  files_added: "BIGINT",
  files_removed: "BIGINT",
  touched: "VARCHAR",
  reason: "VARCHAR"
};

/**
 * The run that last wrote to a table, by its log; null where only others wrote, or the log is too short to tell.
 */
export async function lastRunOf({root, version}: Snapshot): Promise<number | null> {
  for (let at = version; at >= 0; at--) {
    const [commit] = await readCommits(root, at - 1, at).catch(() => []);
    if (!commit) return null;
    if (typeof commit.info?.run === "number") return commit.info.run;
  }
  return null;
}

/** What a table's log tells of it, newest version first. */
export async function tableHistory(catalog: Catalog, table: string): Promise<TableVersionRow[]> {
  const snapshot = await catalog.snapshot(table);
  if (!snapshot) throw new Error(`table not found: ${table}; npm run -s lake -- tables lists those there are`);
  const commits: Commit[] = [];
  // Older entries of the log may have been cleaned up.
  for (let version = snapshot.version; version >= 0; version--) {
    const [commit] = await readCommits(snapshot.root, version - 1, version).catch(() => []);
    if (!commit) break;
    commits.push(commit);
  }
  return commits.map(({version, info, adds, removes}) => {
    const {run = null, rows = null, reason = null, touched} = (info ?? {}) as Record<string, any>;
    const values: string[] | undefined = touched?.values;
    return {
      version,
      at: new Date(Number(info?.timestamp)).toISOString(),
      run,
      operation: String(info?.operation ?? ""),
      rows,
      files_added: adds.length,
      files_removed: removes.length,
      touched: values
        ? values.length > 1
          ? `${values[0]} … ${values.at(-1)} (${values.length})`
          : (values[0] ?? "")
        : null,
      reason
    };
  });
}
