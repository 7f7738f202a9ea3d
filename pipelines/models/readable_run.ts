import {firstReadable, isReadable} from "../delta/readable.js";
import {count} from "../observe/text.js";
import {type Catalog, isView, storedInputs} from "./catalog.js";
import {rowsOf} from "./relations.js";
import {type RunTable, runTable} from "./run_record.js";

/** A table's version in a run. */
interface RunVersion {
  readonly run: number;
  readonly version: number;
}

/**
 * Makes sure that tables can be read as a run left them.
 *
 * @param newest the catalog of the newest versions, which has the runs
 * @throws Error that names the run, the tables that vacuum took files from, and the runs that can be read
 */
export async function refuseGone(
  newest: Catalog,
  run: number,
  versions: ReadonlyMap<string, RunTable>,
  tables: readonly string[]
): Promise<void> {
  const stored = new Set(tables.flatMap((table) => (isView(newest, table) ? storedInputs(newest, table) : [table])));
  const gone: string[] = [];
  for (const table of stored) {
    const left = versions.get(table);
    if (left && !(await isReadable(newest.database, newest.root(table), left.version))) gone.push(table);
  }
  if (gone.length === 0) return;
  const rest = gone.length > 1 ? ` and ${count(gone.length - 1, "other table")}` : "";
  throw new Error(
    `run can't be read any more: ${run}; vacuum removed files of ${gone[0]}${rest} as it was then; ${await runsReadable(newest, gone)}`
  );
}

/** Which runs left versions of all these tables that can still be read. */
async function runsReadable(newest: Catalog, tables: readonly string[]): Promise<string> {
  let from = 0;
  let last = 0;
  for (const table of tables) {
    const first = await firstReadable(newest.database, newest.root(table));
    const runs = await runsOf(newest, table);
    const own = runs.find(({version}) => first !== undefined && version >= first);
    if (!own) return `no run's version of ${table} can: npm run pipeline -- --full-refresh builds it from what landed`;
    from = Math.max(from, own.run);
    last = Math.max(last, runs.at(-1)!.run);
  }
  return from === last ? `run ${last} can be read` : `runs ${from} to ${last} can be read`;
}

async function runsOf(newest: Catalog, table: string): Promise<RunVersion[]> {
  const rows = await newest.database.rows<{run: bigint; version: bigint}>(
    `SELECT run, entry.version AS version
     FROM (SELECT run, unnest(tables) AS entry FROM (${await rowsOf(newest, runTable)}))
     WHERE entry.table_name = $1 ORDER BY run`,
    [table]
  );
  return rows.map(({run, version}) => ({run: Number(run), version: Number(version)}));
}
