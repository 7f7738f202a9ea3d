import {type Connection, identifier} from "../engines/duckdb.js";
import {commit} from "./commit.js";
import {foldsOf, type Layout} from "./fold.js";
import {onlyPartition} from "./kept.js";
import {defaultFileRows} from "./layout.js";
import {outOfOrder} from "./row_order.js";
import {type DataFile, readSnapshot} from "./snapshot.js";
import {discardFiles, stageRows} from "./stage.js";
import type {NewFile} from "./stats.js";
import {checkpointIfDue} from "./write.js";

/** What folding and ordering a table's files came to. */
export interface Optimized {
  readonly filesBefore: number;
  readonly filesAfter: number;
  /** Files in which the rows of a meter were scattered, and now stand together. */
  readonly ordered: number;
}

/**
 * Folds the small files of a table into files of whole months, as many as come to about `fileRows` rows, or those of
 * each partition into one. A file's rows are in the order given, so that a reader of one meter finds its rows together;
 * a file whose rows are in another order is written anew. A file in order is left alone if it is large or has no small
 * neighbour. Rows stay what they are: nobody who reads what has changed sees a change.
 *
 * With `mostRows`, only files of up to so many rows are folded, and others are not looked at.
 *
 * A commit that comes in between wins, and the table is looked at anew.
 */
export async function optimize(
  connection: Connection,
  root: string,
  {order, by, fileRows = defaultFileRows, mostRows}: Omit<Layout, "fileRows"> & Partial<Layout> & {mostRows?: number}
): Promise<Optimized> {
  const sorted = order.length > 0 ? ` ORDER BY ${order.map(identifier).join(", ")}` : "";
  for (;;) {
    const snapshot = (await readSnapshot(connection, root))!;
    const {columns, partitionColumns, files} = snapshot;
    const isFew = ({numRecords = Infinity}: DataFile) => numRecords <= mostRows!;
    const open = mostRows === undefined ? snapshot : {...snapshot, files: files.filter(isFew)};
    const astray = new Set(mostRows === undefined ? await outOfOrder(connection, files, order) : []);
    const removes: DataFile[] = [];
    const adds: NewFile[] = [];
    for (const fold of await foldsOf(connection, open, astray, {by, fileRows})) {
      const stage = {root, columns, partitionColumns, ...onlyPartition(snapshot, fold.files)};
      for (const part of fold.parts)
        adds.push(...(await stageRows(connection, `SELECT * FROM (${part})${sorted}`, stage)));
      removes.push(...fold.files);
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
