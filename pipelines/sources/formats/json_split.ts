import {literal} from "../../engines/duckdb.js";
import {pathPattern} from "./describe.js";
import type {FileColumns, Reader} from "./reader.js";

/**
 * A JSON object of columns and rows, as pandas writes it with `orient="split"`:
 * `{"columns": ["a", "b"], "data": [[1, "x"], [2, "y"]]}`. Every value is text, and null is NULL; a nested one is its
 * JSON. A file holds one object, each of its rows as many values as there are columns.
 */
export const jsonSplit: Reader = {
  extensions: [".json", ".json.gz"],
  async columns(connection, files) {
    const found = await connection.rows<Found>(
      `SELECT filename, count(*) AS objects, any_value(columns) AS columns, any_value(len(data)) AS length,
         any_value(list_position(list_transform(data, lambda landed: len(landed) = len(columns)), false)) AS odd_row
       FROM ${objects(files)}
       GROUP BY filename`
    );
    const byFile = new Map(found.map((row) => [row.filename, row]));
    return new Map(files.map((file) => [file, columnsOf(byFile.get(file))]));
  },
  select: (files, columns) => {
    const values = [...columns.keys()].map(
      (name, index) => `landed[${index + 1}] AS ${`"${name.replaceAll('"', '""')}"`}`
    );
    return `SELECT ${values.join(", ")}, landing_file, landing_row
            FROM (SELECT unnest(data) AS landed, generate_subscripts(data, 1) AS landing_row, filename AS landing_file FROM ${objects(files)})`;
  }
};

/** What there is in a file. */
interface Found {
  readonly filename: string;
  readonly objects: bigint;
  readonly columns: readonly (string | null)[] | null;
  readonly length: bigint | null;
  /** The first row whose length isn't that of the columns; 0 or null when there is none. */
  readonly odd_row: number | null;
}

function objects(files: readonly string[]): string {
  return `read_json([${files.map(pathPattern).join(", ")}], columns = {columns: 'VARCHAR[]', data: 'VARCHAR[][]'},
            format = 'unstructured', filename = true, hive_partitioning = false)`;
}

function columnsOf(found: Found | undefined): FileColumns {
  if (!found) throw new Error("there is nothing in it");
  const {objects, columns, length, odd_row} = found;
  if (objects !== 1n) throw new Error(`${objects} JSON objects, not one`);
  if (!columns || length === null) throw new Error(`no ${literal(columns ? "data" : "columns")} in it`);
  const twice = columns.find((name, index) => name === null || columns.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`column ${twice} ${twice === null ? "is no name" : "stands twice"}`);
  if (odd_row) throw new Error(`row ${odd_row} has not as many values as there are columns`);
  return new Map(columns.map((name) => [name!, "VARCHAR"]));
}
