import {type Connection, identifier, literal} from "../../engines/duckdb.js";
import {csvExtensions, delimited} from "./csv.js";
import {isAsked, type TableRule} from "./csv_dialect.js";
import {hasExtension} from "./file_name.js";
import {FileReading} from "./file_reading.js";
import {jsonl, withAccount} from "./jsonl.js";
import {type Limits, overLimit} from "./limits.js";
import {parquet} from "./parquet.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";

/**
 * Rows of named columns, however they are written: delimited text with a header, JSON objects one a line, or Parquet. The
 * columns may stand in any order, and every value is text, so that one Bronze table takes all three. A line of JSON that
 * holds no object is a row with nothing but `line`, the line as it is.
 */
export function tabular(rule: TableRule): Reader {
  const text = delimited(rule);
  const readerOf = (file: string) => [jsonl, parquet].find(({extensions}) => hasExtension(file, extensions)) ?? text;
  return {
    extensions: [...csvExtensions, ...jsonl.extensions, ...parquet.extensions],
    async columns(connection, files, limits) {
      const filesOf = (reader: Reader) => files.filter((file) => readerOf(file) === reader);
      const columns = new Map(await text.columns(connection, filesOf(text), limits));
      if (filesOf(parquet).length > 0)
        for (const [file, found] of await parquet.columns(connection, filesOf(parquet), limits))
          columns.set(file, found instanceof Error ? found : writtenAs(`parquet ${[...found].join()}`, found.keys()));
      const lines = await eachFile(filesOf(jsonl), limits, (reading) => withAccount(reading, new Map()));
      for (const [file, found] of lines) if (found instanceof Error) columns.set(file, found);
      const good = [...lines.keys()].filter((file) => !columns.has(file));
      if (good.length > 0)
        for (const [file, found] of await keysOf(connection, good, rule, limits)) {
          const {account} = lines.get(file) as FileColumns;
          columns.set(file, found instanceof Error ? found : Object.assign(found, {account}));
        }
      return columns;
    },
    select(files, columns) {
      const [first] = files;
      const reader = readerOf(first!);
      if (reader === text) return text.select(files, columns);
      if (reader === jsonl) return objectsOf(files, columns);
      return `SELECT ${asText([...columns.keys()])}, landing_file, landing_row FROM (${parquet.select(files, columns)})`;
    },
    without: (connection, reading, draft, rows) => readerOf(reading.file).without!(connection, reading, draft, rows)
  };
}

/** Columns of a file that is read together with those of its kind alone. */
function writtenAs(group: string, names: Iterable<string>): FileColumns {
  return Object.assign(new Map([...names].map((name) => [name, "VARCHAR"] as const)), {group});
}

function asText(names: readonly string[]): string {
  return names.map((name) => `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`).join(", ");
}

/** The names in the objects of each file, of those that are read; an error of a file that has more than columns are read. */
async function keysOf(
  connection: Connection,
  files: readonly string[],
  rule: TableRule,
  limits: Limits
): Promise<Map<string, FileColumns | Error>> {
  const found = await new FileReading(files[0]!, limits).within(connection, () =>
    connection.rows<{landing_file: string; name: string}>(
      `SELECT DISTINCT landing_file, unnest(names) AS name
     FROM (SELECT DISTINCT landing_file, json_keys(line) AS names FROM (${jsonl.select(files, new Map())}) WHERE json_valid(line))
     QUALIFY row_number() OVER (PARTITION BY landing_file) <= ${Math.min(limits.columns, 1e9) + 1}
     ORDER BY landing_file, name`
    )
  );
  const names = new Map(files.map((file) => [file, [] as string[]]));
  for (const {landing_file, name} of found) names.get(landing_file)!.push(name);
  return new Map(
    [...names].map(([file, keys]) => [
      file,
      keys.length > limits.columns
        ? overLimit("the objects of its lines have too many names", limits, "columns")
        : writtenAs("json", [...keys.filter((name) => isAsked(name, rule)), "line"])
    ])
  );
}

function objectsOf(files: readonly string[], columns: FileColumns): string {
  const keys = [...columns.keys()].filter((name) => name !== "line");
  // A JSON pointer, whose own marks are escaped: a name may hold any.
  const pointers = keys.map((name) => literal(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`));
  const fields = keys.map((name, index) => `fields[${index + 1}] AS ${identifier(name)}`);
  return `SELECT ${[...fields, "CASE WHEN fields IS NULL THEN line END AS line"].join(", ")}, landing_file, landing_row
          FROM (
            SELECT line, landing_file, landing_row,
              CASE WHEN json_valid(line) THEN CASE WHEN json_type(line) = 'OBJECT'
                THEN json_extract_string(line, [${pointers.join(", ")}]::VARCHAR[]) END END AS fields
            FROM (${jsonl.select(files, columns)})
          )`;
}
