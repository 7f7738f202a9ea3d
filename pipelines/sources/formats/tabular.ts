import {type Connection, identifier, literal} from "../../engines/duckdb.js";
import {csv} from "./csv.js";
import {pathPattern, refuseOpenQuote} from "./describe.js";
import {jsonl} from "./jsonl.js";
import {parquet} from "./parquet.js";
import type {FileColumns, Reader} from "./reader.js";

/**
 * Rows of named columns, however they are written: CSV with a header in its first line (comma, semicolon, tab or bar
 * between), JSON objects one a line, or Parquet. The columns may stand in any order, and every value is text, so that
 * one Bronze table takes all three. A line of JSON that holds no object is a row with nothing but `line`, the line as
 * it is; a line of CSV with more fields than the header, or fewer, breaks its file.
 */
export const tabular: Reader = {
  extensions: [...csv.extensions, ...jsonl.extensions, ...parquet.extensions],
  async columns(connection, files) {
    const columns = new Map<string, FileColumns>();
    const [lines, tables, texts] = byKind(files);
    for (const file of texts) {
      const found = await headerOf(connection, file);
      columns.set(file, found);
      await refuseOpenQuote(connection, `${textOf(file, found)})`);
    }
    if (tables.length > 0)
      for (const [file, found] of await parquet.columns(connection, tables))
        columns.set(file, new Map([[kind, "parquet"], ...[...found.keys()].map((name) => [name, "VARCHAR"] as const)]));
    if (lines.length > 0) for (const [file, found] of await keysOf(connection, lines)) columns.set(file, found);
    return columns;
  },
  select(files, columns) {
    const names = [...columns.keys()].filter((name) => name !== kind);
    const written = columns.get(kind)!;
    if (written === "parquet")
      return `SELECT ${asText(names)}, landing_file, landing_row FROM (${parquet.select(files, columns)})`;
    if (written === "json") return objectsOf(files, columns, names);
    return files
      .map(
        (file) => `SELECT *, ${literal(file)} AS landing_file, row_number() OVER () AS landing_row
                   FROM ${textOf(file, columns)}, parallel = false)`
      )
      .join(" UNION ALL ");
  },
  without(connection, file, draft, rows) {
    const written = [jsonl, parquet, csv].find((reader) => endsIn(file, reader))!;
    return written.without!(connection, file, draft, rows);
  }
};

/** No column of a file: how it is written goes with its columns, as files that differ in it can't be read alike. */
const kind = "written\nas";

function byKind(files: readonly string[]): readonly [lines: string[], tables: string[], texts: string[]] {
  const lines = files.filter((file) => endsIn(file, jsonl));
  const tables = files.filter((file) => endsIn(file, parquet));
  return [lines, tables, files.filter((file) => !lines.includes(file) && !tables.includes(file))];
}

function endsIn(file: string, {extensions}: Reader): boolean {
  return extensions.some((end) => file.toLowerCase().endsWith(end));
}

/** The rows of a CSV file; the call is left open for more settings. */
function textOf(file: string, columns: FileColumns): string {
  const shape = [...columns.keys()].filter((name) => name !== kind).map((name) => `${literal(name)}: 'VARCHAR'`);
  return `read_csv(${pathPattern(file)}, columns = {${shape.join(", ")}}, delim = ${literal(columns.get(kind)!)}, quote = '"', escape = '"',
    header = true, auto_detect = false, hive_partitioning = false`;
}

function asText(names: readonly string[]): string {
  return names.map((name) => `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`).join(", ");
}

const delimiters = [",", ";", "\t", "|"];

/** The columns that the first line names; between them stands what is most often there. */
async function headerOf(connection: Connection, file: string): Promise<FileColumns> {
  const [first] = await connection.rows<{line: string | null}>(
    `SELECT line FROM read_csv(${pathPattern(file)}, columns = {line: 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
       auto_detect = false, strict_mode = false, hive_partitioning = false, parallel = false) LIMIT 1`
  );
  const line = (first?.line ?? "").replace(/^\uFEFF|\r$/g, "");
  const counts = delimiters.map((delimiter) => line.split(delimiter).length);
  const delimiter = delimiters[counts.indexOf(Math.max(...counts))]!;
  const names = line.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`column ${twice} stands twice`);
  return new Map([[kind, delimiter], ...names.map((name) => [name, "VARCHAR"] as const)]);
}

/** The names in the objects of each file. */
async function keysOf(connection: Connection, files: readonly string[]): Promise<Map<string, FileColumns>> {
  const found = await connection.rows<{landing_file: string; name: string}>(
    `SELECT DISTINCT landing_file, unnest(names) AS name
     FROM (SELECT DISTINCT landing_file, json_keys(line) AS names FROM (${jsonl.select(files, new Map())}) WHERE json_valid(line))
     ORDER BY landing_file, name`
  );
  const columns = (names: readonly string[]): FileColumns =>
    new Map([[kind, "json"], ...[...names, "line"].map((name) => [name, "VARCHAR"] as const)]);
  return new Map(
    files.map((file) => [file, columns(found.filter(({landing_file}) => landing_file === file).map(({name}) => name))])
  );
}

function objectsOf(files: readonly string[], columns: FileColumns, names: readonly string[]): string {
  const keys = names.filter((name) => name !== "line");
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
