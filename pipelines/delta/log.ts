import {createHash} from "node:crypto";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Add, CommitInfo, Metadata, Protocol, Remove, Transaction} from "./actions.js";

/** One version of a table, as its log entry describes it. */
export interface Commit {
  readonly version: number;
  /**
   * Identifies this commit: the id that its writer gave it, or else the hash of its text. A version number does not:
   * a log that lost its newest entry gives the number again.
   */
  readonly id: string;
  readonly info?: CommitInfo;
  readonly protocol?: Protocol;
  readonly metadata?: Metadata;
  readonly adds: readonly Add[];
  readonly removes: readonly Remove[];
  readonly transactions: readonly Transaction[];
}

/** A log has lost an entry, or a part of one: the table can't be read as it was. */
export class LogDamage extends Error {
  constructor(readonly damage: string) {
    super(`${damage}; restore it from a copy, or build the table again with npm run pipeline -- --full-refresh`);
  }
}

/** Where a table's log is. */
export function logFolder(root: string): string {
  return join(root, "_delta_log");
}

/** A version as the name of its log entry begins: 20 digits. */
export function padded(version: number): string {
  return String(version).padStart(20, "0");
}

/** The names in a table's log; none where there is no table. */
export async function logFiles(root: string): Promise<string[]> {
  return readdir(logFolder(root)).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

/** The newest version of the table there; -1 where there is none. A checkpoint tells it as well as a commit does. */
export async function latestVersion(root: string): Promise<number> {
  const names = await logFiles(root);
  return names.reduce((latest, name) => Math.max(latest, Number(entry.exec(name)?.[1] ?? -1)), -1);
}

/** A commit, or a checkpoint of any kind: `….json`, `….checkpoint.parquet`, `….checkpoint.UUID.json`. */
const entry = /^(\d{20})\.(?:json|checkpoint\.(?:.+\.)?(?:json|parquet))$/;

/**
 * Reads the commits after one version up to another, oldest first.
 *
 * @throws Error when one of them is gone, or isn't whole.
 */
export async function readCommits(root: string, after: number, upTo: number): Promise<Commit[]> {
  const commits: Commit[] = [];
  for (let version = after + 1; version <= upTo; version++) commits.push(await readCommit(root, version));
  return commits;
}

async function readCommit(root: string, version: number): Promise<Commit> {
  const file = join(logFolder(root), `${padded(version)}.json`);
  const text = await readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT")
      throw new LogDamage(`log entry not found: ${file}; version ${version} can't be read without it`);
    throw error;
  });
  const actions = parseActions(text, file);
  const all = (name: string) => actions.map((action) => action[name]).filter(Boolean);
  return {
    version,
    id: all("commitInfo")[0]?.txnId ?? createHash("sha256").update(text).digest("hex"),
    info: all("commitInfo")[0],
    protocol: all("protocol")[0],
    metadata: all("metaData")[0],
    adds: all("add"),
    removes: all("remove"),
    transactions: all("txn")
  };
}

/**
 * The actions in a file of the log, one a line.
 *
 * @throws Error that names the file and the line that isn't whole
 */
export function parseActions(text: string, file: string): Record<string, any>[] {
  if (text.trim() === "") throw new LogDamage(`log entry not readable: ${file} is empty`);
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line)];
    } catch {
      throw new LogDamage(`log entry not readable: ${file}:${index + 1} is no JSON`);
    }
  });
}
