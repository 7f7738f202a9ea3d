import type {Connection} from "../engines/duckdb.js";
import {damageOf} from "./damage.js";
import {latestVersion} from "./log.js";
import {readSnapshot} from "./snapshot.js";

/** Whether a version of a table has all of its log entries and all of its files. */
export async function isReadable(connection: Connection, root: string, version: number): Promise<boolean> {
  const snapshot = await readSnapshot(connection, root, {version}).catch(() => undefined);
  return snapshot !== undefined && (await damageOf(snapshot.files)) === undefined;
}

/**
 * The first version of a table from which on all can be read, as vacuum takes the files of the oldest first;
 * undefined where not even the newest can.
 */
export async function firstReadable(connection: Connection, root: string): Promise<number | undefined> {
  const latest = await latestVersion(root);
  if (latest < 0 || !(await isReadable(connection, root, latest))) return undefined;
  let [gone, readable] = [-1, latest];
  while (readable - gone > 1) {
    const middle = Math.floor((gone + readable) / 2);
    if (await isReadable(connection, root, middle)) readable = middle;
    else gone = middle;
  }
  return readable;
}

/** `versions 3 to 7 can be read`, or that none can. */
export async function readableText(connection: Connection, root: string): Promise<string> {
  const [first, latest] = [await firstReadable(connection, root), await latestVersion(root)];
  if (first === undefined) return "none can be read any more";
  return first === latest ? `version ${latest} can be read` : `versions ${first} to ${latest} can be read`;
}
