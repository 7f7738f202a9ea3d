import type {NewFile} from "../delta/stats.js";
import {type Connection, identifier, pathPattern} from "../engines/duckdb.js";
import {listed} from "../models/header.js";
import type {Model} from "../models/model.js";

/**
 * By arrival, the decimal mark that the values of its file prove: `.` or `,`; `.,` or `,.` where the other mark groups thousands; `?`
 * where values prove both. sql/functions/duckdb.sql says how numbers are read by them. No entry where nothing is proven.
 */
export type DecimalMarks = ReadonlyMap<number, string>;

/**
 * Finds out the decimal marks of staged files of a Bronze table, by the columns that its header names as `numbers`. A value
 * proves a mark when it has no reading with the other: 1,25 and 1.234,5 prove a comma, 1,234 proves nothing. Only files with a
 * comma, or with two points in a value, can prove anything but what is taken for granted, and only they are looked into.
 */
export async function provenMarks(
  connection: Connection,
  {extra}: Model,
  staged: readonly NewFile[]
): Promise<DecimalMarks> {
  const columns = listed(extra.numbers);
  if (columns.length === 0 || staged.length === 0) return new Map();
  const files = staged.map(({file}) => pathPattern(file));
  const rows = `read_parquet([${files.join(", ")}], hive_partitioning = false)`;
  const isOdd = columns.map((name) => `contains(${identifier(name)}, ',') OR ${identifier(name)} LIKE '%.%.%'`);
  const odd = await connection.rows<{arrival: bigint}>(
    `SELECT DISTINCT arrival FROM ${rows} WHERE ${isOdd.join(" OR ")}`
  );
  if (odd.length === 0) return new Map();
  const found = await connection.rows<{arrival: bigint; mark: string}>(
    `SELECT arrival, ${markOf} AS mark
     FROM (
       SELECT arrival, cleaned, is_point_number(cleaned) AS is_point, is_comma_number(cleaned) AS is_comma
       FROM (
         SELECT arrival, number_cleaned(unnest([${columns.map(identifier).join(", ")}])) AS cleaned
         FROM ${rows}
         WHERE arrival IN (${odd.map(({arrival}) => arrival).join(", ")})
       )
     )
     GROUP BY arrival HAVING mark IS NOT NULL`
  );
  return new Map(found.map(({arrival, mark}) => [Number(arrival), mark]));
}

const isPoint = "is_point AND NOT is_comma";
const isComma = "is_comma AND NOT is_point";

/** Numbers of four digits and more without a mark between them, or with another one, speak against a mark that groups. */
const isNotGrouped = `coalesce(bool_or((is_point OR is_comma) AND regexp_matches(cleaned, '^[+-]?([0-9]{4}|[0-9]+[ ''])')), false)`;

const markOf = `CASE
  WHEN bool_or(${isPoint}) AND bool_or(${isComma}) THEN '?'
  WHEN bool_or(${isComma}) THEN CASE WHEN bool_or(${isComma} AND contains(cleaned, '.')) OR NOT ${isNotGrouped} THEN ',.' ELSE ',' END
  WHEN bool_or(${isPoint}) THEN CASE WHEN bool_or(${isPoint} AND contains(cleaned, ',')) OR NOT ${isNotGrouped} THEN '.,' ELSE '.' END
END`;
