import {type Connection, identifier} from "../engines/duckdb.js";
import {commit} from "./commit.js";
import {outOfOrder} from "./row_order.js";
import {scan} from "./scan.js";
import {type DataFile, readSnapshot} from "./snapshot.js";
import {discardFiles, stageRows} from "./stage.js";
import {checkpointIfDue} from "./write.js";

/** What folding and ordering a table's files came to. */
export interface Optimized {
  readonly filesBefore: number;
  readonly filesAfter: number;
  /** Files that had the rows of a meter here and there, and now have them together. */
  readonly ordered: number;
}

/** A file below this is worth folding into another: half of what a reader takes in one go. */
const smallBytes = 64 * 1024 * 1024;

/**
 * Folds the small files of each partition into one, its rows in the order given, so that a reader of one meter finds
 * its rows together; a file in which they lie here and there is written anew in that order. A file that is in order
 * is left alone where it is large, or the only small one of its partition. Rows stay what they are: nobody who reads
 * what has changed sees a change.
 *
 * A commit that comes in between wins, and the table is looked at anew.
 */
export async function optimize(connection: Connection, root: string, order: readonly string[]): Promise<Optimized> {
  for (;;) {
    const snapshot = (await readSnapshot(connection, root))!;
    const {columns, partitionColumns, files} = snapshot;
    const astray = new Set(await outOfOrder(connection, files, order));
    const removes: DataFile[] = [];
    const adds = [];
    for (const worth of worthWriting(files, partitionColumns, astray)) {
      const by = order.length > 0 ? ` ORDER BY ${order.map(identifier).join(", ")}` : "";
      const [column] = partitionColumns;
      const partition = partitionColumns.length === 1 ? worth[0]!.partitionValues[column!] : undefined;
      const stage = {root, columns, partitionColumns, ...(partition && {partition})};
      adds.push(...(await stageRows(connection, `SELECT * FROM ${scan(snapshot, {files: worth})}${by}`, stage)));
      removes.push(...worth);
    }
    const filesBefore = files.length;
    const ordered = astray.size;
    if (removes.length === 0) return {filesBefore, filesAfter: filesBefore, ordered};
    const version = await commit(snapshot, {
      adds: adds.map((add) => ({...add, dataChange: false})),
      removes,
      dataChange: false,
      info: {},
      operation: "OPTIMIZE"
    });
    if (version !== undefined) {
      await checkpointIfDue(connection, root, version);
      return {filesBefore, filesAfter: filesBefore - removes.length + adds.length, ordered};
    }
    await discardFiles(adds.map(({file}) => file));
  }
}

/** The files of each partition that make one better file: those that are small, if more than one, and those out of order. */
function worthWriting(
  files: readonly DataFile[],
  partitionColumns: readonly string[],
  astray: ReadonlySet<DataFile>
): DataFile[][] {
  const partitions = new Map<string, DataFile[]>();
  for (const file of files.filter((file) => file.size < smallBytes || astray.has(file))) {
    const key = JSON.stringify(partitionColumns.map((name) => file.partitionValues[name] ?? null));
    partitions.set(key, [...(partitions.get(key) ?? []), file]);
  }
  return [...partitions.values()].filter((some) => some.length > 1 || some.some((file) => astray.has(file)));
}
