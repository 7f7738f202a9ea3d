import {type Connection, identifier} from "../engines/duckdb.js";
import {byPartition} from "./kept.js";
import {inWholeMonths, monthOf, type Weighed, weightOf} from "./layout.js";
import {bounds, scan} from "./scan.js";
import {holdsOneOf, type Values} from "./slice.js";
import type {DataFile, Snapshot} from "./snapshot.js";

/** How the files of a table are to be laid out. */
export interface Layout {
  /** The columns that order the rows of a file. */
  readonly order: readonly string[];
  /** The column whose months files hold whole; undefined where a table has none. */
  readonly by?: string;
  /** How many rows a file should have, about. */
  readonly fileRows: number;
}

/** Files that make better ones. */
export interface Fold {
  readonly files: readonly DataFile[];
  /** A SELECT of the rows of each new file: together all rows of the files. */
  readonly parts: readonly string[];
}

/** Smaller files are folded together. A reader loads twice as much at once. */
const smallBytes = 64 * 1024 * 1024;

/** Finds the files of a table to rewrite: small files that have neighbours, and files whose rows are out of order. */
export async function foldsOf(
  connection: Connection,
  snapshot: Snapshot,
  astray: ReadonlySet<DataFile>,
  {by, fileRows}: Pick<Layout, "by" | "fileRows">
): Promise<Fold[]> {
  const worth = snapshot.files.filter((file) => file.size < smallBytes || astray.has(file));
  const isWorthIt = (files: readonly DataFile[]) => files.length > 1 || files.some((file) => astray.has(file));
  if (by === undefined || snapshot.partitionColumns.length > 0) {
    return byPartition(snapshot, worth)
      .filter(isWorthIt)
      .map((files) => ({files, parts: [`SELECT * FROM ${scan(snapshot, {files})}`]}));
  }
  const stretches = await stretchesOf(connection, snapshot, worth, {by, fileRows});
  const folds: {files: DataFile[]; parts: string[]}[] = [];
  for (const group of inWholeMonths(stretches, fileRows)) {
    const files = [...new Set(group.flatMap((stretch) => stretch.files))];
    // Files that overlap come to several groups where they have the rows for it, and are removed once.
    const shared = folds.find((fold) => fold.files.some((file) => files.includes(file)));
    if (!shared) folds.push({files, parts: [rowsOfGroup(snapshot, group, by)]});
    else {
      shared.files = [...new Set([...shared.files, ...files])];
      shared.parts.push(rowsOfGroup(snapshot, group, by));
    }
  }
  return folds.filter(({files}) => isWorthIt(files));
}

/** Rows that lie together: those of some files, or of files that overlap those of one value. */
interface Stretch extends Weighed {
  readonly files: readonly DataFile[];
  readonly value?: string;
}

/**
 * The stretches of some files in the order of a column: files that have no month in common with others by themselves,
 * those that do together, as long as they are few enough for one file. Else files without a common day stay by
 * themselves, so that a full file stays when days come after it, and the others are told apart by the column's values.
 */
async function stretchesOf(
  connection: Connection,
  snapshot: Snapshot,
  worth: readonly DataFile[],
  {by, fileRows}: {readonly by: string; readonly fileRows: number}
): Promise<Stretch[]> {
  const bounded = worth.filter((file) => bounds(snapshot, file, by));
  const others = worth.filter((file) => !bounded.includes(file));
  const stretches: Stretch[] = others.length > 0 ? [{files: others, month: "", weight: weightIn(others)}] : [];
  for (const alike of overlapping(snapshot, bounded, by, monthOf)) {
    const isFew = alike.length === 1 || weightIn(alike) <= fileRows;
    for (const files of isFew ? [alike] : overlapping(snapshot, alike, by, (value) => value)) {
      const month = monthOf(bounds(snapshot, files[0]!, by)!.min);
      if (isFew || files.length === 1) stretches.push({files, month, weight: weightIn(files)});
      else stretches.push(...(await stretchesByValue(connection, snapshot, files, by)));
    }
  }
  return stretches;
}

async function stretchesByValue(
  connection: Connection,
  snapshot: Snapshot,
  files: readonly DataFile[],
  by: string
): Promise<Stretch[]> {
  const rows = await connection.rows<{value: string; count: bigint}>(
    `SELECT CAST(${identifier(by)} AS VARCHAR) AS value, count(*) AS count FROM ${scan(snapshot, {files})}
     GROUP BY ${identifier(by)} ORDER BY ${identifier(by)}`
  );
  return rows.map(({value, count}) => ({files, value, month: monthOf(value), weight: Number(count)}));
}

/** Files that follow each other in the order of a column, those together whose bounds, or the months of these, meet. */
function overlapping(
  snapshot: Snapshot,
  files: readonly DataFile[],
  by: string,
  spanOf: (value: string) => string
): DataFile[][] {
  const ranges = files.map((file) => {
    const {min, max} = bounds(snapshot, file, by)!;
    return {file, min: spanOf(min), max: spanOf(max)};
  });
  ranges.sort((a, b) => (a.min < b.min ? -1 : a.min > b.min ? 1 : 0));
  const groups: {files: DataFile[]; max: string}[] = [];
  for (const {file, min, max} of ranges) {
    const last = groups.at(-1);
    if (!last || min > last.max) groups.push({files: [file], max});
    else {
      last.files.push(file);
      if (max > last.max) last.max = max;
    }
  }
  return groups.map((group) => group.files);
}

/** A SELECT of the rows of some stretches. */
function rowsOfGroup(snapshot: Snapshot, group: readonly Stretch[], by: string): string {
  const whole = group.filter(({value}) => value === undefined).flatMap(({files}) => files);
  const selects = whole.length > 0 ? [`SELECT * FROM ${scan(snapshot, {files: whole})}`] : [];
  const valuesOf = new Map<readonly DataFile[], Values>();
  for (const {files, value} of group)
    if (value !== undefined) valuesOf.set(files, [...(valuesOf.get(files) ?? []), value]);
  const type = snapshot.columns.find(({name}) => name === by)!.type;
  for (const [files, values] of valuesOf)
    selects.push(`SELECT * FROM ${scan(snapshot, {files})} WHERE ${holdsOneOf({column: by, values}, type)}`);
  return selects.join(" UNION ALL ");
}

function weightIn(files: readonly DataFile[]): number {
  return files.reduce((sum, file) => sum + weightOf(file), 0);
}
