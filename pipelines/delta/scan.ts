import {identifier, literal} from "../engines/duckdb.js";
import type {Column} from "./schema.js";
import type {Values} from "./slice.js";
import type {DataFile, Snapshot} from "./snapshot.js";
import {schemaTag} from "./stats.js";

/** The least and the greatest value of a column in a file, as text. */
export interface Bounds {
  readonly min: string;
  readonly max: string;
}

/**
 * A SELECT, in parentheses, of a snapshot's rows or of those in some of its files: the table's columns in their
 * order and types. Partition values come from the log, as they must; a column that a file lacks is NULL.
 */
export function scan(
  {columns, partitionColumns, files: all}: Pick<Snapshot, "columns" | "partitionColumns" | "files">,
  {files = all}: {files?: readonly DataFile[]} = {}
): string {
  const tag = schemaTag(columns);
  const groups = new Map<string, DataFile[]>();
  for (const file of files) {
    const key = JSON.stringify([
      partitionColumns.map((name) => file.partitionValues[name] ?? null),
      file.tags?.schema === tag
    ]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const selects = [...groups.values()].map((group) =>
    scanGroup(columns, partitionColumns, group, group[0]!.tags?.schema === tag)
  );
  if (selects.length === 0) {
    return `(SELECT ${columns.map(({name, type}) => `CAST(NULL AS ${type}) AS ${identifier(name)}`).join(", ")} WHERE false)`;
  }
  return `(${selects.join(" UNION ALL ")})`;
}

/** Files of one partition. Those known to have the table's columns are read as they are. */
function scanGroup(
  columns: readonly Column[],
  partitionColumns: readonly string[],
  files: readonly DataFile[],
  known: boolean
): string {
  const constants = new Map(partitionColumns.map((name) => [name, files[0]!.partitionValues[name] ?? null]));
  const list = `[${files.map(({file}) => literal(file.replaceAll(/[*?[]/g, "[$&]"))).join(", ")}]`;
  const expressions = columns.map(({name, type}) => {
    if (!constants.has(name))
      return known ? identifier(name) : `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`;
    const value = constants.get(name) ?? null;
    return `CAST(${value === null || (value === "" && type !== "VARCHAR") ? "NULL" : literal(value)} AS ${type}) AS ${identifier(name)}`;
  });
  if (known) return `SELECT ${expressions.join(", ")} FROM read_parquet(${list}, hive_partitioning = false)`;
  // Others may have left columns out, or put them in another order: an empty relation of all columns fills them in.
  const shape = columns
    .filter(({name}) => !constants.has(name))
    .map(({name, type}) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
  return `SELECT ${expressions.join(", ")} FROM (
    SELECT ${shape.join(", ")} WHERE false UNION ALL BY NAME
    SELECT * FROM read_parquet(${list}, hive_partitioning = false, union_by_name = true))`;
}

/** What the log knows of a column in a file: undefined when that is nothing, or nothing that has an order as text. */
export function bounds(
  snapshot: Pick<Snapshot, "columns" | "partitionColumns">,
  file: DataFile,
  column: string
): Bounds | undefined {
  if (snapshot.partitionColumns.includes(column)) {
    const value = file.partitionValues[column];
    return value === null || value === undefined ? undefined : {min: value, max: value};
  }
  const {minValues, maxValues, nullCount} = statsOf(file);
  const [min, max] = [minValues?.[column], maxValues?.[column]];
  if (min === undefined || max === undefined || nullCount?.[column] !== 0) return undefined;
  return {min: String(min), max: String(max)};
}

/** The files that can hold a row whose column has one of the values: all of those that don't say they can't. */
export function filesWhere(
  snapshot: Pick<Snapshot, "columns" | "partitionColumns" | "files">,
  column: string,
  values: Values
): DataFile[] {
  const type = snapshot.columns.find(({name}) => name === column)?.type ?? "";
  const isText = type === "DATE" || type === "VARCHAR";
  const wanted = new Set(values);
  return snapshot.files.filter((file) => {
    const range = bounds(snapshot, file, column);
    if (!range) return true;
    if (range.min === range.max) return wanted.has(range.min);
    if (isText) return values.some((value) => value >= range.min && value <= range.max);
    return values.some((value) => Number(value) >= Number(range.min) && Number(value) <= Number(range.max));
  });
}

interface Stats {
  readonly minValues?: Readonly<Record<string, unknown>>;
  readonly maxValues?: Readonly<Record<string, unknown>>;
  readonly nullCount?: Readonly<Record<string, number>>;
}

const parsed = new WeakMap<DataFile, Stats>();

function statsOf(file: DataFile): Stats {
  const known = parsed.get(file);
  if (known) return known;
  const stats: Stats = file.stats ? JSON.parse(file.stats) : {};
  parsed.set(file, stats);
  return stats;
}
