import {type Connection, identifier} from "../engines/duckdb.js";
import {commit} from "./commit.js";
import {scan} from "./scan.js";
import {type DataFile, readSnapshot} from "./snapshot.js";
import {discardFiles, stageRows} from "./stage.js";
import {checkpointIfDue} from "./write.js";

/** What folding a table's files came to. */
export interface Optimized {
  readonly filesBefore: number;
  readonly filesAfter: number;
}

/** A file below this is worth folding into another: half of what a reader takes in one go. */
const smallBytes = 64 * 1024 * 1024;

/**
 * Folds the small files of each partition into one, its rows in the order given, so that a reader of one meter finds
 * its rows together. A partition of one file is left alone, and so is a large file. Rows stay what they are: nobody
 * who reads what has changed sees a change.
 *
 * A commit that comes in between wins, and the table is looked at anew.
 */
export async function optimize(connection: Connection, root: string, order: readonly string[]): Promise<Optimized> {
  for (;;) {
    const snapshot = (await readSnapshot(connection, root))!;
    const {columns, partitionColumns, files} = snapshot;
    const removes: DataFile[] = [];
    const adds = [];
    for (const small of foldable(files, partitionColumns)) {
      const by = order.length > 0 ? ` ORDER BY ${order.map(identifier).join(", ")}` : "";
      const [column] = partitionColumns;
      const partition = partitionColumns.length === 1 ? small[0]!.partitionValues[column!] : undefined;
      const stage = {root, columns, partitionColumns, ...(partition && {partition})};
      adds.push(...(await stageRows(connection, `SELECT * FROM ${scan(snapshot, {files: small})}${by}`, stage)));
      removes.push(...small);
    }
    if (removes.length === 0) return {filesBefore: files.length, filesAfter: files.length};
    const version = await commit(snapshot, {
      adds: adds.map((add) => ({...add, dataChange: false})),
      removes,
      dataChange: false,
      info: {},
      operation: "OPTIMIZE"
    });
    if (version !== undefined) {
      await checkpointIfDue(connection, root, version);
      return {filesBefore: files.length, filesAfter: files.length - removes.length + adds.length};
    }
    await discardFiles(adds.map(({file}) => file));
  }
}

/** The files of each partition that are small, where there are two or more of them. */
function foldable(files: readonly DataFile[], partitionColumns: readonly string[]): DataFile[][] {
  const partitions = new Map<string, DataFile[]>();
  for (const file of files.filter(({size}) => size < smallBytes)) {
    const key = JSON.stringify(partitionColumns.map((name) => file.partitionValues[name] ?? null));
    partitions.set(key, [...(partitions.get(key) ?? []), file]);
  }
  return [...partitions.values()].filter((small) => small.length > 1);
}
