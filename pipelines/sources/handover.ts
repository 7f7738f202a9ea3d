import type {LandedFormat} from "./catalogue/known_format.js";
import type {RowDefaults} from "./landed.js";
import {isAside} from "./landing_folder.js";
import type {Source} from "./source.js";

/** What became of a file handed over. */
export interface Delivery {
  /** What it was called where it came from. */
  readonly name: string;
  /** `known`: its content had come in before, and nothing was done. `unread`: it couldn't be copied. */
  readonly outcome: "landed" | "known" | "rejected" | "unread";
  /** Where it lies: relative to the landing folder, with `/`. None of a file that couldn't be copied, or isn't kept. */
  readonly path?: string;
  readonly sha256?: string;
  readonly bytes?: number;
  /** Why it was rejected or couldn't be read, as one sentence. */
  readonly reason?: string;
}

/** A file to hand over. */
export interface Parcel {
  /** Where it is. */
  readonly file: string;
  /** What the manifest calls it; by default the last part of `file`. */
  readonly name?: string;
  /** What is known to be wrong with it: it is kept among the rejected. */
  readonly fault?: string;
  /** What its rows leave empty. */
  readonly defaults?: RowDefaults;
  /** The known format that it is of; the source then is the format's. */
  readonly format?: LandedFormat;
}

/** A file, and what it is handed over as; the client by default is the source's, or shared. */
export interface Handover {
  readonly source: Source;
  readonly parcel: Parcel;
  readonly client?: string;
}

/** The folder of files that don't belong to one client: weather, or those that name the client in their rows. */
const sharedClient = "shared";

/** @throws Error when a client can't be a folder's name */
export function clientOf({source, client}: Handover): string {
  const name = client ?? source.clientId ?? sharedClient;
  refuseFolder(name);
  return name;
}

function refuseFolder(client: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(client) && !isAside(client)) return;
  throw new Error(`not a client's name: ${client}; it names a folder, so use letters, digits, -, _ and .`, {
    cause: "usage"
  });
}
