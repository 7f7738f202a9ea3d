import {type Connection, identifier} from "../engines/duckdb.js";
import {inWholeMonths, monthOf, weightOf} from "./layout.js";
import {allHoldOneOf, bounds, filesWhere, scan} from "./scan.js";
import {holdsOneOf, type Slice} from "./slice.js";
import type {DataFile, Snapshot} from "./snapshot.js";
import {discardFiles, stageRows} from "./stage.js";
import type {NewFile} from "./stats.js";

/** How the rows that stay are laid out in their new files. */
export interface KeptLayout {
  /** The columns that order a file's rows, where it is made of several. */
  readonly order: readonly string[];
  /** How many rows a file should have, about. */
  readonly fileRows: number;
}

/** What a commit that replaces the rows of a slice takes out, and the files with those of its rows that stay. */
export interface Cut {
  readonly removes: readonly DataFile[];
  readonly kept: readonly NewFile[];
}

/**
 * Finds the files that hold rows of a slice, and stages what else they hold. A file whose statistics allow for such
 * rows but which has none stays as it is: a corrected day lies beside the file of its month, not in it.
 */
export async function cutOut(
  connection: Connection,
  standing: Snapshot,
  slice: Slice,
  layout: KeptLayout
): Promise<Cut> {
  const whole: DataFile[] = [];
  const mixed: DataFile[] = [];
  for (const file of filesWhere(standing, slice.column, slice.values)) {
    if (allHoldOneOf(standing, [file], slice.column, slice.values)) whole.push(file);
    else if (await holdsAny(connection, standing, file, slice)) mixed.push(file);
  }
  return {removes: [...whole, ...mixed], kept: await stageKept(connection, standing, mixed, slice, layout)};
}

async function holdsAny(connection: Connection, standing: Snapshot, file: DataFile, slice: Slice): Promise<boolean> {
  const rows = await connection.rows(
    `SELECT 1 FROM ${scan(standing, {files: [file]})} WHERE ${holdsOneOf(slice, typeOf(standing, slice.column))} LIMIT 1`
  );
  return rows.length > 0;
}

/** Writes the rows that are none of the slice's to files of their own: of each partition, about so many to a file. */
async function stageKept(
  connection: Connection,
  standing: Snapshot,
  mixed: readonly DataFile[],
  slice: Slice,
  {order, fileRows}: KeptLayout
): Promise<NewFile[]> {
  const {root, columns, partitionColumns} = standing;
  const isOther = `(${holdsOneOf(slice, typeOf(standing, slice.column))}) IS NOT TRUE`;
  const kept: NewFile[] = [];
  try {
    for (const partition of byPartition(standing, mixed)) {
      const weighed = partition
        .map((file) => {
          const {min = ""} = bounds(standing, file, slice.column) ?? {};
          return {file, min, month: monthOf(min), weight: weightOf(file)};
        })
        .sort((a, b) => (a.min < b.min ? -1 : a.min > b.min ? 1 : 0));
      for (const group of inWholeMonths(weighed, fileRows)) {
        const files = group.map(({file}) => file);
        const by = files.length > 1 && order.length > 0 ? ` ORDER BY ${order.map(identifier).join(", ")}` : "";
        const rows = `SELECT * FROM ${scan(standing, {files})} WHERE ${isOther}${by}`;
        kept.push(
          ...(await stageRows(connection, rows, {root, columns, partitionColumns, ...onlyPartition(standing, files)}))
        );
      }
    }
    return kept;
  } catch (error) {
    await discardFiles(kept.map(({file}) => file));
    throw error;
  }
}

/** The files of each partition; of a table without partitions, all of them. */
export function byPartition(
  {partitionColumns}: Pick<Snapshot, "partitionColumns">,
  files: readonly DataFile[]
): DataFile[][] {
  const partitions = new Map<string, DataFile[]>();
  for (const file of files) {
    const key = JSON.stringify(partitionColumns.map((name) => file.partitionValues[name] ?? null));
    partitions.set(key, [...(partitions.get(key) ?? []), file]);
  }
  return [...partitions.values()];
}

/** The value of a table's one partition column in files of one partition: their rows then keep their order. */
export function onlyPartition(
  {partitionColumns}: Pick<Snapshot, "partitionColumns">,
  files: readonly DataFile[]
): {partition?: string} {
  const [column] = partitionColumns;
  const value = partitionColumns.length === 1 ? files[0]!.partitionValues[column!] : undefined;
  return value ? {partition: value} : {};
}

function typeOf({columns}: Snapshot, name: string): string {
  return columns.find((column) => column.name === name)!.type;
}
