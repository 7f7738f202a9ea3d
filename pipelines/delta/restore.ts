import {access} from "node:fs/promises";
import type {Connection} from "../engines/duckdb.js";
import {commit} from "./commit.js";
import {readSnapshot} from "./snapshot.js";
import {checkpointIfDue} from "./write.js";

/**
 * Makes a table what it was at an older version, as a new version on top: nothing is taken from its history.
 *
 * @param info what the commit says of itself
 * @returns the new version
 * @throws Error when a file that the old version needs has been vacuumed
 */
export async function restore(
  connection: Connection,
  root: string,
  version: number,
  info: Readonly<Record<string, unknown>>
): Promise<number> {
  for (;;) {
    const now = (await readSnapshot(connection, root))!;
    const then = (await readSnapshot(connection, root, {version}))!;
    for (const {file} of then.files) {
      await access(file).catch(() => {
        throw new Error(`version ${version} of ${root} can't be restored: vacuum removed files of it`);
      });
    }
    const held = new Set(then.files.map(({path}) => path));
    const holds = new Set(now.files.map(({path}) => path));
    const reshaped = then.metadata.schemaString !== now.metadata.schemaString;
    const restored = await commit(now, {
      adds: then.files.filter(({path}) => !holds.has(path)).map((add) => ({...add, dataChange: true})),
      removes: now.files.filter(({path}) => !held.has(path)),
      // What is no longer in the table is work still to be done.
      transactions: [...then.transactions].map(([appId, version]) => ({appId, version})),
      ...(reshaped && {metadata: then.metadata}),
      info,
      operation: "RESTORE"
    });
    if (restored === undefined) continue;
    await checkpointIfDue(connection, root, restored);
    return restored;
  }
}
