import {rename} from "node:fs/promises";
import {LogDamage, logFolder} from "../delta/log.js";
import {checkpointAt} from "../delta/write.js";
import type {Catalog} from "./catalog.js";
import {isStillThere} from "./change.js";
import {type RunTable, readRun} from "./run_record.js";

/** A table whose log no longer has what the last complete run read in it. */
export interface LostLog {
  readonly table: string;
  /** What is lost and what the run does about it, as a sentence. */
  readonly damage: string;
}

const builtAgain = "what was lost is built again";

/**
 * Compares the logs with what the last complete run recorded of them. A log that lost its newest entries looks like
 * an older table, and one that lost all of them like none: only the record shows the loss. Tables whose log can't be
 * read at all are left to the build, which fails them by name.
 */
async function lostLogs(catalog: Catalog, complete: readonly RunTable[]): Promise<LostLog[]> {
  const lost: LostLog[] = [];
  for (const recorded of complete) {
    const {table, version} = recorded;
    const snapshot = await catalog.snapshot(table).catch(() => null);
    if (snapshot === null) continue;
    if (!snapshot)
      lost.push({table, damage: `the log of ${table} is gone, which had versions up to ${version}; ${builtAgain}`});
    // A table with another id was created again on purpose.
    else if (snapshot.metadata.id === recorded.id && !(await isStillThere(snapshot, recorded)))
      lost.push({
        table,
        damage: `the log of ${table} has lost version ${version} and ends at ${snapshot.version}; ${builtAgain}`
      });
  }
  return lost;
}

/**
 * Finds the logs that have lost something since the last complete run, and prepares the mending: what they lost is
 * built again. With `fullRefresh`, a log that can't be read is moved out of the way; its data files stay until a vacuum.
 *
 * @returns what was lost
 */
export async function mendLogs(catalog: Catalog, tables: readonly string[], fullRefresh: boolean): Promise<LostLog[]> {
  const aside = fullRefresh ? await setDamagedLogsAside(catalog, tables) : [];
  const complete = await readRun(catalog, "last complete");
  const known = new Set(aside.map(({table}) => table));
  const lost = [...aside, ...(await lostLogs(catalog, complete?.tables ?? [])).filter(({table}) => !known.has(table))];
  // Files that were read once are not read again, so the lists of what was rejected are only whole if every file is.
  const lists = ["bronze.file_reject", "bronze.file_account", "bronze.record_reject"];
  if (lost.some(({table}) => lists.includes(table))) {
    for (const table of catalog.models.keys())
      if (table.startsWith("bronze.") && (await catalog.snapshot(table))) await setLogAside(catalog, table);
  }
  return [...lost, ...(await mendCheckpoints(catalog, tables))];
}

/** Writes the checkpoints that can't be read again: our reader makes up for them from the log, others fail on them. */
async function mendCheckpoints(catalog: Catalog, tables: readonly string[]): Promise<LostLog[]> {
  const mended: LostLog[] = [];
  for (const table of tables) {
    const damaged = await catalog.snapshot(table).catch(() => undefined);
    if (damaged?.damagedCheckpoint === undefined) continue;
    await checkpointAt(catalog.database, damaged.root, damaged.damagedCheckpoint);
    catalog.forget(table);
    const damage = `the checkpoint of version ${damaged.damagedCheckpoint} of ${table} was not readable; it is written again`;
    mended.push({table, damage});
  }
  return mended;
}

async function setDamagedLogsAside(catalog: Catalog, tables: readonly string[]): Promise<LostLog[]> {
  const lost: LostLog[] = [];
  for (const table of tables) {
    const error = await catalog.snapshot(table).then(
      () => undefined,
      (reason) => reason
    );
    if (!(error instanceof LogDamage)) continue;
    lost.push({table, damage: `${error.damage}; ${builtAgain}`});
    await setLogAside(catalog, table);
  }
  return lost;
}

/** Moves a table's log out of the way: the next build creates the table again. */
async function setLogAside(catalog: Catalog, table: string): Promise<void> {
  const folder = logFolder(catalog.root(table));
  await rename(folder, `${folder}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`);
  catalog.forget(table);
}
