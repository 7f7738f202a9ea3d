import {randomUUID} from "node:crypto";
import {link, open, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {makeFolder} from "../engines/folder.js";

/**
 * Makes a lake's folder if it isn't there, and tries out what every commit needs of the disk below it.
 *
 * @throws Error that says what the file system lacks: room, leave to write, hard links
 */
export async function refuseUnfit(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeFile(probe, "probe");
    await link(probe, `${probe}.link`);
  } catch (error) {
    throw diskFault(error, folder);
  } finally {
    for (const file of [probe, `${probe}.link`]) await rm(file, {force: true}).catch(() => undefined);
  }
}

/** What the system says of a disk, as a sentence that names the folder and the way out; other errors as they are. */
export function diskFault(error: any, folder: string): unknown {
  if (error.syscall === "link" && ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(error.code)) {
    return new Error(
      `file system without hard links: ${folder}; a lake can't be written there safely, put it on another disk`
    );
  }
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    return new Error(`disk full: ${folder}; make room and run again, what is published is as it was`);
  }
  if (error.code === "EROFS")
    return new Error(`read-only file system: ${folder}; mount it for writing, or put the lake elsewhere`);
  if (error.code === "EEXIST" || error.code === "ENOTDIR") {
    return new Error(`not a folder: ${folder}; a file is in its place`);
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new Error(`folder not writable: ${folder}; give yourself leave to write there, or put the lake elsewhere`);
  }
  return error;
}

/** Makes the names in a folder outlast a power cut, where the system can: Windows opens no folders. */
export async function flush(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
