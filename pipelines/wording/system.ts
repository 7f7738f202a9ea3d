import {basename} from "node:path";

/** What Node says of an error of the system's, as far as we look at it. */
interface SystemError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly path?: string;
}

/** By the system's own code, what is wrong with a file, and the way out. */
const faults: Readonly<Record<string, string>> = {
  ENOENT: "it isn't there",
  EACCES: "you have no permission to read it; give yourself permission",
  EPERM: "you have no permission to change it; give yourself permission",
  EISDIR: "it is a folder; name a file in it",
  ENOTDIR: "a part of its path is a file; name a folder there",
  ENAMETOOLONG: "its name is too long; shorten it",
  ELOOP: "its links lead in a circle; put the file itself there",
  ENOSPC: "the disk is full; make room",
  EDQUOT: "your share of the disk is full; make room",
  EROFS: "the disk is read-only; mount it for writing",
  EMFILE: "too many files are open; raise the limit (ulimit -n), or give fewer at a time",
  ENFILE: "the machine has too many files open; close other programs",
  EBUSY: "another program uses it; close that",
  ETXTBSY: "another program uses it; close that",
  EEXIST: "something is there already; name another place",
  EXDEV: "it is on another disk; name a place on the same one",
  EINVAL: "the system can't read such a file; copy it to another disk",
  EIO: "the disk can't read it; check the disk, and take the file from a copy",
  EFBIG: "it is too large for the disk's file system; put the lake on another disk",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB; split it",
  ERR_INVALID_ARG_VALUE: "its name holds a zero byte; rename it",
  ECONNREFUSED: "nobody answers there; check the address and the network",
  ECONNRESET: "the connection broke off; try again",
  ENOTFOUND: "no host has that name; check the address and the network",
  EAI_AGAIN: "the name of the host can't be looked up now; check the network",
  ETIMEDOUT: "nobody answered in time; try again",
  EADDRINUSE: "another program uses that port; name another",
  EPIPE: "the reader of the output has gone"
};

/** Whether an error comes from the system, by way of Node. */
export function isSystemError(error: unknown): error is SystemError {
  const {code} = (error ?? {}) as SystemError;
  return error instanceof Error && typeof code === "string" && (code in faults || /^E[A-Z0-9]+$/.test(code));
}

/** What is wrong with a file, without its name: `it is a folder; name a file in it`. */
export function systemReason({code}: SystemError): string {
  return faults[code!] ?? `the system can't reach it (${code}); check the disk`;
}

/** A sentence for an error of the system's that nobody put into words before: the file's own name, not its whole path. */
export function systemFault(error: SystemError): string {
  const name = error.path === undefined ? undefined : shortened(basename(error.path) || error.path);
  return name === undefined
    ? `not done: ${systemReason(error)}`
    : `file or folder not usable: ${name}: ${systemReason(error)}`;
}

/** A disk that is full, and what is kept of the work that was under way. */
export class DiskFull extends Error {
  constructor(
    readonly folder: string,
    kept: string,
    options?: ErrorOptions
  ) {
    super(`disk full: ${folder}; make room and run again, ${kept}`, options);
  }
}

/** Whether an error, or what it comes from, says that a disk is full, whoever raised it. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFull) return true;
  const {code, message = "", cause} = (error ?? {}) as SystemError;
  // DuckDB spills as long as there is room.
  const isSaid = /No space left on device|Disk quota exceeded|max_temp_directory_size/i.test(message);
  return code === "ENOSPC" || code === "EDQUOT" || isSaid || (cause !== undefined && isDiskFull(cause));
}

/** The folder that the first of an error's causes names whose disk is full. */
export function fullFolder(error: unknown): string | undefined {
  if (error instanceof DiskFull) return error.folder;
  const {cause} = (error ?? {}) as SystemError;
  return cause === undefined ? undefined : fullFolder(cause);
}

const longestName = 80;

function shortened(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName)}…`;
}
