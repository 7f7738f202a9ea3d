import {type Connection, identifier, literal} from "../../engines/duckdb.js";
import {csvExtensions, delimited} from "./csv.js";
import {isAsked, type TableRule} from "./csv_dialect.js";
import {hasExtension} from "./file_name.js";
import {jsonl, withAccount} from "./jsonl.js";
import {parquet} from "./parquet.js";
import type {FileColumns, Reader} from "./reader.js";

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
    async columns(connection, files) {
      const filesOf = (reader: Reader) => files.filter((file) => readerOf(file) === reader);
      const columns = new Map(await text.columns(connection, filesOf(text)));
      if (filesOf(parquet).length > 0)
        for (const [file, found] of await parquet.columns(connection, filesOf(parquet)))
          columns.set(file, found instanceof Error ? found : writtenAs(`parquet ${[...found].join()}`, found.keys()));
      if (filesOf(jsonl).length > 0)
        for (const [file, found] of await keysOf(connection, filesOf(jsonl), rule))
          columns.set(file, Object.assign(await withAccount(file, found), {group: found.group}));
      return columns;
    },
    select(files, columns) {
      const [first] = files;
      const reader = readerOf(first!);
      if (reader === text) return text.select(files, columns);
      if (reader === jsonl) return objectsOf(files, columns);
      return `SELECT ${asText([...columns.keys()])}, landing_file, landing_row FROM (${parquet.select(files, columns)})`;
    },
    without: (connection, file, draft, rows) => readerOf(file).without!(connection, file, draft, rows)
  };
}

/** Columns of a file that is read together with those of its kind alone. */
function writtenAs(group: string, names: Iterable<string>): FileColumns {
  return Object.assign(new Map([...names].map((name) => [name, "VARCHAR"] as const)), {group});
}

function asText(names: readonly string[]): string {
  return names.map((name) => `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`).join(", ");
}

/** The names in the objects of each file, of those that are read. */
async function keysOf(
  connection: Connection,
  files: readonly string[],
  rule: TableRule
): Promise<Map<string, FileColumns>> {
  const found = await connection.rows<{landing_file: string; name: string}>(
    `SELECT DISTINCT landing_file, unnest(names) AS name
     FROM (SELECT DISTINCT landing_file, json_keys(line) AS names FROM (${jsonl.select(files, new Map())}) WHERE json_valid(line))
     ORDER BY landing_file, name`
  );
  const names = new Map(files.map((file) => [file, [] as string[]]));
  for (const {landing_file, name} of found) if (isAsked(name, rule)) names.get(landing_file)!.push(name);
  return new Map([...names].map(([file, keys]) => [file, writtenAs("json", [...keys, "line"])]));
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
