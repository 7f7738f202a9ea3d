import {type Connection, literal, pathPattern} from "../engines/duckdb.js";
import {orderOf} from "./order.js";
import type {DataFile} from "./snapshot.js";

/** The bounds of a text column in one row group of a file. */
interface Bounds {
  readonly min: string;
  readonly max: string;
}

/**
 * The files whose row groups a reader can't tell apart by the text columns that an order begins with: it would look
 * for a meter in all of them. The bounds of each row group are in the file's footer, and only that is read. A file
 * written of dictionaries (ENUM) is among them, too, as DuckDB writes the dictionary's bounds for those of its rows.
 */
export async function outOfOrder(
  connection: Connection,
  files: readonly DataFile[],
  order: readonly string[]
): Promise<DataFile[]> {
  if (files.length === 0 || order.length === 0) return [];
  const rows = await connection.rows<{file: string; column: string; min: string | null; max: string | null}>(
    `SELECT file_name AS file, path_in_schema AS "column", stats_min_value AS min, stats_max_value AS max
     FROM parquet_metadata([${files.map(({file}) => pathPattern(file)).join(", ")}])
     WHERE type = 'BYTE_ARRAY' AND path_in_schema IN (${order.map(literal).join(", ")})
     ORDER BY file_name, row_group_id`
  );
  const bounds = new Map<string, Map<string, (Bounds | undefined)[]>>();
  for (const {file, column, min, max} of rows) {
    const columns = bounds.get(file) ?? new Map<string, (Bounds | undefined)[]>();
    bounds.set(file, columns);
    columns.set(column, [...(columns.get(column) ?? []), min === null || max === null ? undefined : {min, max}]);
  }
  return files.filter(({file}) => {
    const columns: (Bounds | undefined)[][] = [];
    for (const name of order) {
      const column = bounds.get(file)?.get(name);
      if (!column) break;
      columns.push(column);
    }
    return columns.length > 0 && !followOneAnother(columns);
  });
}

/** Whether each row group begins where the one before ended, or after, by the first column that isn't the same in both. */
function followOneAnother([column, ...rest]: readonly (Bounds | undefined)[][]): boolean {
  if (!column) return true;
  for (const [index, next] of column.slice(1).entries()) {
    const before = column[index];
    if (!before || !next || compareTexts(before.max, next.min) > 0) return false;
    const isOneText = before.min === next.max;
    if (isOneText && !followOneAnother(rest.map((other) => other.slice(index, index + 2)))) return false;
  }
  return true;
}

const compareTexts = orderOf("VARCHAR")!;
