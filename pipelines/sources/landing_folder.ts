import type {Dirent} from "node:fs";
import {lstat, readdir, realpath, stat} from "node:fs/promises";
import {join, sep} from "node:path";
import {databaseOf} from "./formats/sqlite_files.js";

/** Something in the landing folder that can't be read as a file. */
export interface Misfit {
  /** Relative to the landing folder, with `/`; what can't be shown of its name is replaced. */
  readonly path: string;
  readonly reason: string;
}

/** What there is in the landing folder. */
export interface LandingEntries {
  /** Files by their paths with `/`, sorted by code unit, so that all machines agree on the order. */
  readonly files: readonly string[];
  readonly misfits: readonly Misfit[];
}

/**
 * Every file under the landing folder, and what else lies there under a name that isn't set aside. What SQLite keeps beside a
 * database belongs to that.
 *
 * @param called what the reasons call the folder
 * @throws Error when there is no such folder
 */
export async function landingEntries(folder: string, called = "the landing folder"): Promise<LandingEntries> {
  const [files, misfits]: [string[], Misfit[]] = [[], []];
  const root = await realpath(folder).catch((error) => {
    if (error.code === "ENOENT")
      throw new Error(`landing folder not found: ${folder}; make it, or name another with --landing`);
    throw error;
  });
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), {withFileTypes: true})) {
      if (isAside(entry.name)) continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      const misfit = (reason: string) => misfits.push({path: shown(path), reason});
      const fault = await faultOf(entry, join(folder, path), {root, called});
      if (fault !== undefined) misfit(fault);
      else if (entry.isDirectory()) await walk(path).catch((error) => misfit(accessFault(error)));
      else files.push(path);
    }
  };
  await walk("");
  const all = new Set(files);
  return {
    files: files.filter((path) => !all.has(databaseOf(path) ?? "")).sort(),
    misfits: misfits.sort((a, b) => (a.path < b.path ? -1 : 1))
  };
}

/** Hidden files, notes and licences lie beside the data without being data. */
export function isAside(name: string): boolean {
  return /^[._]/.test(name) || /^(readme|licen[cs]e)(\.|$)/i.test(name) || /\.md$/i.test(name);
}

/** What the system's refusal to open a file or folder means for who put it there. */
export function accessFault(error: unknown): string {
  const {code, message} = error as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  if (code === "ENOENT") return "it is gone since the folder was looked at";
  if (code === "EIO") return "the disk can't read it";
  return `it can't be opened: ${code ?? message}`;
}

/** The folder that is looked through. */
interface Whole {
  readonly root: string;
  readonly called: string;
}

async function faultOf(entry: Dirent, path: string, whole: Whole): Promise<string | undefined> {
  if (/\p{Cc}/u.test(entry.name)) return "its name has control characters; rename it";
  // A name in other bytes than UTF-8 is no name that leads to it.
  if (entry.name.includes("\uFFFD") && (await lstat(path).catch(() => undefined)) === undefined)
    return "its name isn't UTF-8; rename it";
  if (entry.isFile()) return undefined;
  if (entry.isDirectory()) {
    if (!/\.(csv|json|jsonl|ndjson|parquet|xml|db|sqlite3?)(\.gz)?$/i.test(entry.name)) return undefined;
    const inside = await readdir(path).catch(() => undefined);
    return inside?.length === 0 ? "a folder with nothing in it, though its name is that of a file" : undefined;
  }
  if (entry.isSymbolicLink()) return linkFault(path, whole);
  return `a ${kindOf(entry)}, no file`;
}

async function linkFault(path: string, {root, called}: Whole): Promise<string | undefined> {
  const target = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (target instanceof Error) {
    if (target.code === "ENOENT") return "a link to nothing; put the file itself there";
    if (target.code === "ELOOP") return "a link that leads to itself; put the file itself there";
    return `a link whose file can't be opened: ${accessFault(target)}`;
  }
  if (target.isDirectory()) return "a link to a folder; put the folder itself there";
  if (!target.isFile()) return "a link to something that is no file";
  const place = await realpath(path);
  return place.startsWith(root + sep) ? undefined : `a link out of ${called}; put the file itself there`;
}

function kindOf(entry: Dirent): string {
  if (entry.isFIFO()) return "pipe";
  if (entry.isSocket()) return "socket";
  return entry.isBlockDevice() || entry.isCharacterDevice() ? "device" : "thing of another kind";
}

function shown(path: string): string {
  return path.replaceAll(/\p{Cc}/gu, "\uFFFD");
}
