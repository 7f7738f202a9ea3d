import {readdir, rm, stat} from "node:fs/promises";
import {join, relative, resolve, sep} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import {logFiles, logFolder} from "./log.js";
import {readSnapshot} from "./snapshot.js";

/** What a vacuum removes, or would. */
export interface Vacuumed {
  /** Data files, absolute. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Entries of the log that no retained version needs. */
  readonly logEntries: readonly string[];
}

/**
 * Removes what no version younger than the retention needs: files that were replaced longer ago, files that no
 * commit ever named and that are older, and log entries before the last checkpoint that old. A writer that is just
 * staging files is safe as long as it takes less than the retention.
 */
export async function vacuum(
  connection: Connection,
  root: string,
  options: {readonly retainMilliseconds: number; readonly keepVersions?: readonly number[]; readonly dryRun: boolean}
): Promise<Vacuumed> {
  const {retainMilliseconds, keepVersions = [], dryRun} = options;
  const snapshot = (await readSnapshot(connection, root))!;
  const before = Date.now() - retainMilliseconds;
  const needed = new Set(snapshot.files.map(({file}) => file));
  for (const {path, deletionTimestamp} of snapshot.tombstones) {
    if ((deletionTimestamp ?? 0) >= before) needed.add(resolve(root, decodeURIComponent(path)));
  }
  for (const version of keepVersions) {
    const kept = (await readSnapshot(connection, root, {version}))!;
    for (const {file} of kept.files) needed.add(file);
  }
  const files: string[] = [];
  let bytes = 0;
  for (const file of await dataFilesUnder(root)) {
    const {mtimeMs, size} = await stat(file);
    if (needed.has(file) || mtimeMs >= before) continue;
    files.push(file);
    bytes += size;
  }
  const logEntries = await staleLogEntries(root, before, Math.min(snapshot.version, ...keepVersions));
  if (!dryRun) for (const file of [...files, ...logEntries]) await rm(file, {force: true});
  return {files, bytes, logEntries};
}

async function dataFilesUnder(root: string): Promise<string[]> {
  const entries = await readdir(root, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(resolve(root), file)
          .split(sep)
          .some((name) => /^[._]/.test(name))
    );
}

/**
 * Log entries that are old, and older than a checkpoint that is old too, and not past the oldest version to keep:
 * every retained version starts from that.
 */
async function staleLogEntries(root: string, before: number, oldestKept: number): Promise<string[]> {
  const folder = logFolder(root);
  const entries: {file: string; version: number; isCheckpoint: boolean; mtimeMs: number}[] = [];
  for (const name of await logFiles(root)) {
    const match = /^(\d{20})\.(json|checkpoint\..*parquet|checkpoint\.parquet)$/.exec(name);
    if (!match) continue;
    const file = join(folder, name);
    entries.push({
      file,
      version: Number(match[1]),
      isCheckpoint: match[2] !== "json",
      mtimeMs: (await stat(file)).mtimeMs
    });
  }
  const bases = entries
    .filter(({isCheckpoint, mtimeMs, version}) => isCheckpoint && mtimeMs < before && version <= oldestKept)
    .map(({version}) => version);
  const base = Math.max(-1, ...bases);
  return entries.filter(({version, mtimeMs}) => version < base && mtimeMs < before).map(({file}) => file);
}
