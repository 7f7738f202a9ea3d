import {randomUUID} from "node:crypto";
import {readdir, readFile, rename, rm, rmdir, writeFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import {checkpointOf, writeCheckpoint} from "./checkpoint.js";
import {logFolder, padded} from "./log.js";
import {readSnapshot} from "./snapshot.js";

/**
 * Leaves nothing of a table but its newest version: a checkpoint stands for the log before it, and every file in the
 * table's folder that the version doesn't need goes, whatever it was.
 *
 * @returns how many files went
 */
export async function forgetVersions(connection: Connection, root: string): Promise<number> {
  const snapshot = await readSnapshot(connection, root);
  if (!snapshot) return 0;
  const version = padded(snapshot.version);
  await writeCheckpoint(connection, root, {...checkpointOf(snapshot), removes: []});
  const log = resolve(logFolder(root));
  const needed = new Set([
    ...snapshot.files.map(({file}) => file),
    ...[`${version}.json`, `${version}.checkpoint.parquet`, "_last_checkpoint"].map((name) => join(log, name))
  ]);
  const entries = await readdir(root, {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => resolve(entry.parentPath, entry.name));
  // The log's oldest entry first: as long as it is there, the log is read from it, and has to be whole.
  const old = files.filter((file) => !needed.has(file)).sort();
  const isOfLog = (file: string) => Number(file.startsWith(log));
  for (const file of old.sort((a, b) => isOfLog(b) - isOfLog(a))) await rm(file, {force: true});
  await forgetRemoves(join(log, `${version}.json`));
  await removeEmpty(
    entries.filter((entry) => entry.isDirectory()).map((entry) => resolve(entry.parentPath, entry.name))
  );
  return old.length;
}

/** Leaves the files that a commit removed out of its log entry: a removed file's folder may be named by a value. */
async function forgetRemoves(entry: string): Promise<void> {
  const lines = (await readFile(entry, "utf8")).split("\n");
  const kept = lines.filter((line) => !line.startsWith('{"remove":'));
  if (kept.length === lines.length) return;
  const draft = `${entry}.${randomUUID()}.tmp`;
  await writeFile(draft, kept.join("\n"), {flush: true});
  await rename(draft, entry);
}

/** Removes the folders that are left without a file, the innermost first. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].sort().reverse()) await rmdir(folder).catch(() => undefined);
}
