import {createHash} from "node:crypto";
import {statSync} from "node:fs";
import {relative, sep} from "node:path";
import type {Add} from "./actions.js";
import {type Column, schemaString} from "./schema.js";

/** A staged data file, ready to be committed. */
export interface NewFile extends Add {
  readonly file: string;
  readonly numRecords: number;
}

/** A row of what DuckDB's `COPY … (RETURN_STATS)` returns, as JSON. */
export interface CopiedFile {
  readonly filename: string;
  readonly count: string | number | bigint;
  readonly file_size_bytes: string | number | bigint;
  readonly column_statistics: readonly {
    readonly key: string;
    readonly value: readonly {readonly key: string; readonly value: string}[];
  }[];
  readonly partition_keys: readonly {readonly key: string; readonly value: string | null}[] | null;
}

/** The log's actions for files that `COPY` wrote under a table's folder. */
export function dataFilesFromCopy(root: string, copied: readonly CopiedFile[], columns: readonly Column[]): NewFile[] {
  const types = new Map(columns.map(({name, type}) => [name, type]));
  return copied.map((row) => {
    const numRecords = Number(row.count);
    for (const {key, value} of row.partition_keys ?? []) {
      if (value === "") throw new Error(`partition without a name: ${key} of ${root} has an empty text; make it NULL`);
    }
    const path = relative(root, row.filename).split(sep).map(uriSegment).join("/");
    const partitionValues = Object.fromEntries((row.partition_keys ?? []).map(({key, value}) => [key, value]));
    return {
      file: row.filename,
      path,
      partitionValues,
      size: Number(row.file_size_bytes),
      modificationTime: Math.trunc(statSync(row.filename).mtimeMs),
      dataChange: true,
      stats: statsOf(row, numRecords, types),
      tags: {schema: schemaTag(columns), ...valuesTag(row, numRecords)},
      numRecords
    };
  });
}

/** Says how many values the longest column has, where that is one of arrays: rows of arrays are more work than others. */
function valuesTag({column_statistics}: CopiedFile, numRecords: number): {values?: string} {
  const counts = column_statistics.flatMap(({value}) => value.filter(({key}) => key === "num_values"));
  const most = Math.max(0, ...counts.map(({value}) => Number(value)));
  return most > numRecords ? {values: String(most)} : {};
}

/** Names the columns a file was written with, so that a reader need not open it to know them. */
export function schemaTag(columns: readonly Column[]): string {
  return createHash("sha256").update(schemaString(columns)).digest("hex").slice(0, 16);
}

/**
 * Statistics as the protocol has them. Written as text, since digits of a DECIMAL or a BIGINT would not survive a
 * double. Left out: bounds of strings that DuckDB may have cut, of NaN, and of types that have no order.
 */
function statsOf({column_statistics}: CopiedFile, numRecords: number, types: ReadonlyMap<string, string>): string {
  const minValues: string[] = [];
  const maxValues: string[] = [];
  const nullCount: string[] = [];
  for (const {key, value} of column_statistics) {
    const name = /^"((?:[^"]|"")*)"$/.exec(key)?.[1]?.replaceAll('""', '"');
    const type = name === undefined ? undefined : types.get(name);
    if (name === undefined || type === undefined) continue;
    const stats = Object.fromEntries(value.map((entry) => [entry.key, entry.value]));
    const label = JSON.stringify(name);
    if (stats.null_count !== undefined) nullCount.push(`${label}:${stats.null_count}`);
    // NaN is no bound, and leaves the rest without any: others count it as greater than all.
    const bounded = stats.has_nan !== "true";
    const min = bounded ? bound(stats.min, type, "min") : undefined;
    const max = bounded ? bound(stats.max, type, "max") : undefined;
    if (min !== undefined) minValues.push(`${label}:${min}`);
    if (max !== undefined) maxValues.push(`${label}:${max}`);
  }
  return `{"numRecords":${numRecords},"minValues":{${minValues}},"maxValues":{${maxValues}},"nullCount":{${nullCount}}}`;
}

/** DuckDB keeps the whole of a string in its statistics up to here; the protocol's readers take 32 characters. */
const longestString = 32;

function bound(text: string | undefined, type: string, side: "min" | "max"): string | undefined {
  if (text === undefined || text === null) return undefined;
  if (/^(BIGINT|INTEGER|SMALLINT|TINYINT|DECIMAL)/.test(type)) return text;
  if (/^(DOUBLE|FLOAT)$/.test(type)) return Number.isFinite(Number(text)) ? String(Number(text)) : undefined;
  if (type === "DATE") return /^\d{4}-\d\d-\d\d$/.test(text) ? JSON.stringify(text) : undefined;
  if (type === "VARCHAR")
    return text.length < longestString && /^[\x20-\x7e]*$/.test(text) ? JSON.stringify(text) : undefined;
  if (type === "TIMESTAMP WITH TIME ZONE") return milliseconds(text, side);
  return undefined;
}

/**
 * The protocol counts milliseconds: a maximum between two of them goes up, or it would not be one. Instants before
 * Christ, after 9999 and the infinite have no form there.
 */
function milliseconds(text: string, side: "min" | "max"): string | undefined {
  const [, second, fraction = ""] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(text) ?? [];
  if (second === undefined) return undefined;
  const whole = Date.parse(`${second.replace(" ", "T")}Z`);
  const micros = Number(fraction.padEnd(6, "0").slice(0, 6));
  const millis = side === "max" ? Math.ceil(micros / 1000) : Math.floor(micros / 1000);
  const instant = new Date(whole + millis).toISOString();
  return instant.startsWith("+") ? undefined : JSON.stringify(instant);
}

/** A folder's or a file's name as a part of a URI. The `=` of a partition may stand there as it is. */
function uriSegment(name: string): string {
  return encodeURIComponent(name).replaceAll("%3D", "=");
}
