import {identifier, literal, pathPattern} from "../engines/duckdb.js";
import {hasPlace, type Order, orderOf} from "./order.js";
import type {Column} from "./schema.js";
import {dayCount, daysBetween, type Values} from "./slice.js";
import type {DataFile, Snapshot} from "./snapshot.js";
import {schemaTag} from "./stats.js";

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
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  const selects = unitedByPath({columns, partitionColumns}, [...groups.values()], tag).map((group) =>
    scanGroup(columns, partitionColumns, group, group[0]!.tags?.schema === tag)
  );
  if (selects.length === 0) {
    return `(SELECT ${columns.map(({name, type}) => `CAST(NULL AS ${type}) AS ${identifier(name)}`).join(", ")} WHERE false)`;
  }
  return `(${selects.join(" UNION ALL ")})`;
}

/** Above so many partitions it costs more to plan a SELECT of each than to read them. */
const mostSelects = 16;

/**
 * The groups, or where they are many, one of all files whose paths tell the log's partition values, and the others. A
 * year of days and sites is thousands of partitions.
 */
function unitedByPath(
  {columns, partitionColumns}: Pick<Snapshot, "columns" | "partitionColumns">,
  groups: readonly DataFile[][],
  tag: string
): DataFile[][] {
  const isText = columns.every(({name, type}) => !partitionColumns.includes(name) || /^(VARCHAR|DATE)$/.test(type));
  if (groups.length <= mostSelects || !isText) return [...groups];
  const told = groups.filter((group) =>
    group.every((file) => file.tags?.schema === tag && isToldByPath(file, partitionColumns))
  );
  const united = new Set(told);
  return [...(told.length > 0 ? [told.flat()] : []), ...groups.filter((group) => !united.has(group))];
}

/** Whether a file's folders are just its partition values, plain ones: no escape, and none that is read as NULL. */
function isToldByPath({file, partitionValues}: DataFile, partitionColumns: readonly string[]): boolean {
  const folders = partitionColumns.map((name) => `${name}=${partitionValues[name] ?? ""}`);
  const told = file
    .split(/[\\/]/)
    .slice(0, -1)
    .filter((folder) => folder.includes("="));
  return (
    told.join("/") === folders.join("/") && folders.every((folder) => /^[\w.-]+=(?!__|null$)[\w.-]+$/i.test(folder))
  );
}

/** Files of one partition, or of several that their paths tell. Those known to have the table's columns are read as they are. */
function scanGroup(
  columns: readonly Column[],
  partitionColumns: readonly string[],
  files: readonly DataFile[],
  known: boolean
): string {
  const values = (file: DataFile) => JSON.stringify(partitionColumns.map((name) => file.partitionValues[name] ?? null));
  const list = `[${files.map(({file}) => pathPattern(file)).join(", ")}]`;
  const partitioned = files.every((file) => values(file) === values(files[0]!)) ? files[0]!.partitionValues : undefined;
  const expressions = columns.map((column) => {
    const {name, type} = column;
    if (partitionColumns.includes(name))
      return partitioned ? `${constant(partitioned[name] ?? null, type)} AS ${identifier(name)}` : identifier(name);
    if (!known) return `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`;
    const only = onlyValue(column, files);
    return only === undefined ? identifier(name) : `${only} AS ${identifier(name)}`;
  });
  if (!partitioned) {
    const types = columns.filter(({name}) => partitionColumns.includes(name));
    const hive = types.map(({name, type}) => `${literal(name)}: ${literal(type)}`).join(", ");
    return `SELECT ${expressions.join(", ")}
            FROM read_parquet(${list}, hive_partitioning = true, hive_types = {${hive}})`;
  }
  if (known) return `SELECT ${expressions.join(", ")} FROM read_parquet(${list}, hive_partitioning = false)`;
  // Others may have left columns out, or put them in another order: an empty relation of all columns fills them in.
  const shape = columns
    .filter(({name}) => !partitionColumns.includes(name))
    .map(({name, type}) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
  return `SELECT ${expressions.join(", ")} FROM (
    SELECT ${shape.join(", ")} WHERE false UNION ALL BY NAME
    SELECT * FROM read_parquet(${list}, hive_partitioning = false, union_by_name = true))`;
}

/**
 * SQL of the one value, or NULL, that a column has in all rows of some files by their statistics; undefined where
 * those tell of more than one, or not enough. A column that needn't be read is a constant to the optimizer: whole
 * branches of a model that are for other sources then cost nothing.
 */
function onlyValue({name, type}: Column, files: readonly DataFile[]): string | undefined {
  const valueIn = (file: DataFile) => {
    if (file.numRecords !== undefined && statsOf(file).nullCount?.[name] === String(file.numRecords)) return null;
    const range = bounds({columns: [{name, type}], partitionColumns: []}, file, name);
    return range?.min === range?.max ? range?.min : undefined;
  };
  const value = valueIn(files[0]!);
  if (value === undefined || !files.every((file) => valueIn(file) === value)) return undefined;
  return value === null ? `CAST(NULL AS ${type})` : `CAST(${literal(value)} AS ${type})`;
}

/** A partition value of the log. No text at all means NULL, for a text column too; bytes are written as text. */
function constant(value: string | null, type: string): string {
  if (value === null || value === "") return `CAST(NULL AS ${type})`;
  return type === "BLOB" ? `encode(${literal(value)})` : `CAST(${literal(value)} AS ${type})`;
}

/** The least and the greatest value of a column in a file, as text. */
export interface Bounds {
  readonly min: string;
  readonly max: string;
}

/**
 * What the log knows of a column in a file: undefined when that is nothing, when the column has NULLs there, or when
 * its type has no order as text.
 */
export function bounds(
  snapshot: Pick<Snapshot, "columns" | "partitionColumns">,
  file: DataFile,
  column: string
): Bounds | undefined {
  const type = snapshot.columns.find(({name}) => name === column)?.type ?? "";
  if (!orderOf(type)) return undefined;
  if (snapshot.partitionColumns.includes(column)) {
    const value = file.partitionValues[column];
    return value && hasPlace(value, type) ? {min: value, max: value} : undefined;
  }
  const {minValues, maxValues, nullCount} = statsOf(file);
  const [min, max] = [minValues?.[column], maxValues?.[column]];
  if (typeof min !== "string" || typeof max !== "string" || nullCount?.[column] !== "0") return undefined;
  if (!hasPlace(min, type) || !hasPlace(max, type)) return undefined;
  // A text this long may have been cut.
  return type === "VARCHAR" && max.length >= 32 ? undefined : {min, max};
}

/** The files that can hold a row whose column has one of the values: all of those that don't say they can't. */
export function filesWhere(
  snapshot: Pick<Snapshot, "columns" | "partitionColumns" | "files">,
  column: string,
  values: Values
): DataFile[] {
  const type = snapshot.columns.find(({name}) => name === column)?.type ?? "";
  const order = orderOf(type);
  if (!order || !values.every((value) => hasPlace(value, type))) return [...snapshot.files];
  const sorted = [...values].sort(order);
  return snapshot.files.filter((file) => {
    const range = bounds(snapshot, file, column);
    if (!range) return true;
    const next = sorted[firstFrom(sorted, range.min, order)];
    return next !== undefined && order(next, range.max) <= 0;
  });
}

/** Whether the log proves that all rows of the files have one of the values in the column. */
export function allHoldOneOf(
  snapshot: Pick<Snapshot, "columns" | "partitionColumns">,
  files: readonly DataFile[],
  column: string,
  values: Values
): boolean {
  const isDate = snapshot.columns.some(({name, type}) => name === column && type === "DATE");
  const known = new Set(values);
  return files.every((file) => {
    const range = bounds(snapshot, file, column);
    if (!range || !known.has(range.min)) return false;
    if (range.min === range.max) return true;
    // One wrong date makes a range of centuries: it is counted before it is listed.
    return (
      isDate &&
      dayCount(range.min, range.max) <= known.size &&
      daysBetween(range.min, range.max).every((day) => known.has(day))
    );
  });
}

/** Where the first of the sorted values is that doesn't come before a given one. */
export function firstFrom(sorted: readonly string[], value: string, order: Order): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(sorted[middle]!, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Stats {
  readonly minValues?: Readonly<Record<string, unknown>>;
  readonly maxValues?: Readonly<Record<string, unknown>>;
  readonly nullCount?: Readonly<Record<string, unknown>>;
}

const parsed = new WeakMap<DataFile, Stats>();

/** A file's statistics, its numbers as text: JSON.parse would round those of more than 15 digits. */
function statsOf(file: DataFile): Stats {
  const known = parsed.get(file);
  if (known) return known;
  const json = (file.stats || "{}").replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`
  );
  const stats: Stats = JSON.parse(json);
  parsed.set(file, stats);
  return stats;
}
