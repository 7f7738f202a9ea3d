import {pathPattern} from "../../engines/duckdb.js";
import {FileReading} from "./file_reading.js";
import {refuseDeep} from "./json_depth.js";
import {arraysInColumns, arraysOf, type Cut, cutFiles, isCut, needsCutting} from "./json_large.js";
import {splitWithout} from "./json_rows.js";
import {type Limits, refuseColumns} from "./limits.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";

/**
 * A JSON object of columns and rows, as pandas writes it with `orient="split"`:
 * `{"columns": ["a", "b"], "data": [[1, "x"], [2, "y"]]}`. Every value is text, and null is NULL; a nested one is its
 * JSON. A file holds one object, each of its rows as many values as there are columns.
 */
export const jsonSplit: Reader = {
  extensions: [".json", ".json.gz"],
  // Whether there are rows, and of that length, is found when they are read: a file is long, its columns are few.
  async columns(connection, all, limits) {
    const ours = all.filter((file) => needsCutting(file));
    const columns = new Map<string, FileColumns | Error>(await cutFiles(connection, ours, limits, cutRowsOfData));
    const others = all.filter((file) => !columns.has(file));
    for (const [file, fault] of await eachFile(others, limits, refuseDeep)) if (fault) columns.set(file, fault);
    const files = others.filter((file) => !columns.has(file));
    if (files.length === 0) return columns;
    const found = await new FileReading(files[0]!, limits).within(connection, () =>
      connection.rows<Found & {filename: string}>(
        `SELECT filename, count(*) AS objects, any_value(columns) AS columns
         FROM ${objects(files, "columns: 'VARCHAR[]'")}
         GROUP BY filename`
      )
    );
    const byFile = new Map(found.map((row) => [row.filename, row]));
    for (const file of files) columns.set(file, columnsOf(byFile.get(file), limits));
    return columns;
  },
  select: (files, columns) =>
    isCut(columns) ? arraysOf(files, columns) : arraysInColumns(rowsOfWhole(files), columns),
  without: splitWithout
};

/** The rows of files that DuckDB reads each as one value. */
function rowsOfWhole(files: readonly string[]): string {
  return `SELECT unnest(rows) AS landed, generate_subscripts(rows, 1) AS landing_row, landing_file
          FROM (
            SELECT CASE WHEN data IS NULL THEN error('no ''data'' in it') ELSE data END AS rows, filename AS landing_file
            FROM ${objects(files, "data: 'VARCHAR[][]'")}
          )`;
}

/** Each row of `data`. */
const cutRowsOfData: Cut = async (text, lines, limits) => {
  let [names, count]: [unknown, number | undefined] = [null, undefined];
  await text.object(async (key) => {
    if (key === "columns") names = JSON.parse(await text.value());
    else if (key !== "data") await text.value();
    else {
      let rows = 0;
      await text.list((bytes, start, end) => lines.add(++rows, bytes, start, end));
      count = rows;
    }
  });
  if (count === undefined) throw new Error("no 'data' in it");
  return columnsOf({objects: 1n, columns: Array.isArray(names) ? names : null}, limits);
};

/** What there is in a file. */
interface Found {
  readonly objects: bigint;
  readonly columns: readonly (string | null)[] | null;
}

function objects(files: readonly string[], keys: string): string {
  return `read_json([${files.map(pathPattern).join(", ")}], columns = {${keys}},
            format = 'unstructured', records = true, filename = true, hive_partitioning = false)`;
}

function columnsOf(found: Found | undefined, limits: Limits): FileColumns {
  if (!found) throw new Error("there is nothing in it");
  const {objects, columns} = found;
  if (objects !== 1n) throw new Error(`${objects} JSON objects, not one`);
  if (!columns) throw new Error("no 'columns' in it");
  refuseColumns(columns.length, "it", limits);
  const twice = columns.find((name, index) => name === null || columns.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`column ${twice} ${twice === null ? "is no name" : "stands twice"}`);
  return new Map(columns.map((name) => [name!, "VARCHAR"]));
}
