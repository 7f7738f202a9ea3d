import {randomUUID} from "node:crypto";
import {link, open, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {makeFolder} from "../engines/folder.js";
import {DiskFull, fullFolder, isDiskFull} from "../wording/system.js";

/**
 * Makes a lake's folder if it isn't there, and tries out what every commit needs of the disk below it.
 *
 * @throws Error that says what the file system lacks: room, leave to write, hard links
 */
export async function refuseUnfit(folder: string): Promise<void> {
  await probe(folder, elsewhere, (file) => link(file, `${file}.link`));
}

/**
 * Makes a folder if it isn't there, and tries out whether files can be written to it.
 *
 * @param instead the way out where they can't: `export elsewhere`
 * @throws Error that names the folder and what it lacks: room, leave to write
 */
export async function refuseUnwritable(folder: string, instead: string): Promise<void> {
  await probe(folder, instead, async () => undefined);
}

async function probe(folder: string, instead: string, tryOut: (file: string) => Promise<void>): Promise<void> {
  const file = join(folder, `.probe-${randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeFile(file, "probe");
    await tryOut(file);
  } catch (error) {
    throw diskFault(error, folder, instead);
  } finally {
    for (const left of [file, `${file}.link`]) await rm(left, {force: true}).catch(() => undefined);
  }
}

const elsewhere = "put the lake elsewhere";

/** What is kept where a run, or work on tables, ends on a full disk. */
export const published = "what is published is as it was";

/**
 * Does work that writes below a folder. Where the disk is full, whoever met it, the error says so in one way: it names
 * the folder, and what is `kept`.
 */
export async function onDisk<T>(
  folder: string,
  kept: string | (() => Promise<string>),
  work: () => Promise<T>
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new DiskFull(fullFolder(error) ?? folder, typeof kept === "string" ? kept : await kept(), {cause: error});
  }
}

/** What the system says of a disk, as a sentence that names the folder and the way out; other errors as they are. */
export function diskFault(error: any, folder: string, instead = elsewhere): unknown {
  if (error.syscall === "link" && ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(error.code)) {
    return new Error(
      `file system without hard links: ${folder}; a lake can't be written there safely, put it on another disk`
    );
  }
  if (isDiskFull(error)) return new DiskFull(fullFolder(error) ?? folder, published, {cause: error});
  if (error.code === "EROFS") return new Error(`read-only file system: ${folder}; mount it for writing, or ${instead}`);
  if (error.code === "EEXIST" || error.code === "ENOTDIR") {
    return new Error(`not a folder: ${folder}; a file is in its place`);
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new Error(`folder not writable: ${folder}; give yourself leave to write there, or ${instead}`);
  }
  return error;
}

/** Makes the names in a folder outlast a power cut, where the system can: Windows opens no folders. */
export async function flush(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
