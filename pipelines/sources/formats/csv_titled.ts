import {type Connection, literal} from "../../engines/duckdb.js";
import {csv} from "./csv.js";
import {pathPattern, refuseOpenQuote} from "./describe.js";
import type {FileColumns, Reader} from "./reader.js";

/**
 * Delimited text with lines of titles above its header, as a spreadsheet exports it, with commas between. The header
 * is the first line whose fields all say something and are as many as those of any line above or just below it.
 * Rows are counted from there; every column is text.
 */
export const csvTitled: Reader = {
  extensions: csv.extensions,
  async columns(connection, files) {
    const columns = new Map<string, ReadonlyMap<string, string>>();
    for (const file of files) {
      const {names, above} = await headerOf(connection, file);
      const twice = names.find((name, index) => names.indexOf(name) < index);
      if (twice !== undefined) throw new Error(`column ${twice} stands twice`);
      // How many lines stand above goes with the columns: files that differ in it can't be read alike.
      const found = new Map([...names.map((name) => [name, "VARCHAR"] as const), [linesAbove, String(above)]]);
      await refuseOpenQuote(connection, `${rowsOf(file, found)})`);
      columns.set(file, found);
    }
    return columns;
  },
  select: (files, columns) =>
    files
      .map(
        (file) => `SELECT *, ${literal(file)} AS landing_file, row_number() OVER () AS landing_row
                   FROM ${rowsOf(file, columns)}, parallel = false)`
      )
      .join(" UNION ALL BY NAME ")
};

/** The rows below the header; the call is left open for more settings. */
function rowsOf(file: string, columns: FileColumns): string {
  const names = [...columns.keys()].filter((name) => name !== linesAbove);
  const shape = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  return `read_csv(${pathPattern(file)}, columns = {${shape}}, delim = ',', quote = '"', escape = '"', auto_detect = false,
    header = false, skip = ${Number(columns.get(linesAbove)) + 1}, hive_partitioning = false`;
}

/** No column of a file: its name holds what a header's can't. */
const linesAbove = "lines\nabove";

/** A header is looked for so far down. */
const mostTitles = 100;

/** A file's header, and how many lines stand above it. */
async function headerOf(connection: Connection, file: string): Promise<{names: readonly string[]; above: number}> {
  const lines = await connection.rows<{line: string | null}>(
    `SELECT line FROM read_csv(${pathPattern(file)}, columns = {line: 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
       auto_detect = false, strict_mode = false, hive_partitioning = false, parallel = false) LIMIT ${mostTitles}`
  );
  const rows = lines.map(({line}) => fieldsOf((line ?? "").replace(/^\uFEFF|\r$/g, "")));
  const above = rows.findIndex(
    (row, index) =>
      row.length > 1 &&
      row.every((field) => field.trim() !== "") &&
      rows.slice(0, index + 2).every((other) => other.length <= row.length)
  );
  if (above < 0) throw new Error(`no header in its first ${mostTitles} lines: a line of fields, none of them empty`);
  return {names: rows[above]!, above};
}

function fieldsOf(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, line.endsWith(",") || line === "" ? undefined : -1)
    .map(([, field]) => (field!.startsWith('"') ? field!.slice(1, -1).replaceAll('""', '"') : field!));
}
