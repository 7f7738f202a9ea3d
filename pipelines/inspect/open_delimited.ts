import {createWriteStream} from "node:fs";
import {basename, join} from "node:path";
import {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {type Connection, identifier, literal, pathPattern} from "../engines/duckdb.js";
import {count} from "../observe/text.js";
import {type Dialect, findDialect} from "../sources/formats/csv_dialect.js";
import {utf8Of} from "../sources/formats/encoding.js";
import {elementBytes, refuseColumns} from "../sources/formats/limits.js";
import {fieldsOf} from "../sources/formats/records.js";
import {certain, type Finding, unknown} from "./finding.js";
import {define, type OpenFile, type Opening, rowColumn} from "./opened.js";

/** Opens delimited text: its header is the first line that can be one, and what stands above it is told apart from it. */
export async function openDelimited(connection: Connection, opening: Opening, wrapping: string): Promise<OpenFile> {
  const dialect = await findDialect(opening.reading, {required: [], preamble: "any"});
  const kind = `delimited text${wrapping}`;
  if (!dialect)
    return {
      kind: undefined,
      columns: [],
      findings: [certain("format", kind, "it has empty lines only"), unknown("rows", "there are none", "another file")]
    };
  refuseColumns(dialect.columns.length, `line ${dialect.headerLine}`, opening.reading.limits);
  const twice = dialect.columns.find((name, index) => dialect.columns.indexOf(name) < index);
  const names = dialect.columns.map((name, index) =>
    dialect.columns.indexOf(name) < index ? `${name}\n${index}` : name
  );
  const text = await bodyOf(opening, dialect);
  const columns = [...names, ...Array.from({length: dialect.unnamed}, (_, index) => `unnamed\n${index}`)];
  const scan = `read_csv(${pathPattern(text)}, columns = {${columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ")}},
    delim = ${literal(dialect.delimiter)}, quote = ${literal(dialect.quote)}, escape = ${literal(dialect.quote)}, header = true, auto_detect = false,
    hive_partitioning = false, parallel = false, ignore_errors = true, store_rejects = true, null_padding = false, max_line_size = ${elementBytes(opening.reading.limits)})`;
  const kept = names.filter((name) => name !== "" && !name.includes("\n")).map(identifier);
  const found = await define(
    connection,
    `SELECT ${kept.join(", ")}, row_number() OVER () AS ${identifier(rowColumn)} FROM ${scan}`
  );
  const misfits = await misfitsIn(connection, dialect);
  const isBody = isHeaderless(dialect.columns);
  return {
    kind: "delimited text",
    columns: found,
    findings: [...dialectFindings(dialect, kind), ...misfitFindings(misfits, dialect)],
    settings: {
      ...(dialect.preamble.some(isAbove) && {preamble: patternsOf(dialect.preamble.filter(isAbove))}),
      ...(misfits.below.length > 0 && {footer: patternsOf(misfits.below)})
    },
    above: dialect.preamble.map((line) => fieldsOf(line, dialect.delimiter, dialect.quote)),
    ...(isBody && {fault: "the file has no line with the names of its columns; add one above its rows"}),
    ...(twice !== undefined && {
      fault: `two columns are called ${twice === "" ? "nothing" : twice}; give each a name of its own`
    })
  };
}

/** The table of a file as UTF-8, from its header on. */
async function bodyOf({content, reading, folder}: Opening, dialect: Dialect): Promise<string> {
  const copy = join(folder, `${basename(content).replace(/\.gz$/i, "")}.rows`);
  async function* fromHeader(): AsyncGenerator<Buffer> {
    let toSkip = dialect.headerAt;
    for await (const chunk of utf8Of(reading, dialect)) {
      const skipped = Math.min(toSkip, chunk.length);
      toSkip -= skipped;
      if (skipped < chunk.length) yield chunk.subarray(skipped);
    }
  }
  await pipeline(Readable.from(fromHeader()), createWriteStream(copy));
  return copy;
}

/** Whether a line of names is a row: all of them are numbers or times. */
function isHeaderless(names: readonly string[]): boolean {
  return names.length > 1 && names.every((name) => /^[-+]?\d[\d.,:/ TZ+-]*$/.test(name));
}

/** Excel's own line that names the delimiter is known to every format, and a blank line is none. */
function isAbove(line: string): boolean {
  return line.trim() !== "" && !/^"?sep=/i.test(line);
}

/** Lines that are no rows, by the number of their line in the file. */
interface Misfits {
  readonly lines: readonly {readonly line: number; readonly text: string}[];
  readonly count: number;
  /** Those after the last row. */
  readonly below: readonly string[];
}

async function misfitsIn(connection: Connection, {headerLine}: Dialect): Promise<Misfits> {
  const rejects = await connection.rows<{line: bigint; text: string}>(
    "SELECT DISTINCT line, csv_line AS text FROM reject_errors WHERE trim(csv_line) <> '' ORDER BY line"
  );
  const [rows] = await connection.rows<{rows: bigint}>("SELECT count(*) AS rows FROM raw");
  await connection.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans");
  const lines = rejects.map(({line, text}) => ({line: Number(line) + Math.max(headerLine, 1) - 1, text}));
  const last = Number(rows!.rows) + lines.length + Math.max(headerLine, 1);
  // The last lines of the file, without a row between them.
  const below: string[] = [];
  for (const [index, {line, text}] of [...lines].reverse().entries()) {
    if (line !== last - index || index >= 10) break;
    below.unshift(text);
  }
  return {lines: lines.slice(0, 3), count: lines.length, below};
}

function dialectFindings(dialect: Dialect, kind: string): Finding[] {
  const names: Record<string, string> = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"};
  const above = dialect.preamble.filter(isAbove);
  return [
    certain(
      "format",
      kind,
      `${count(dialect.columns.length, "column")}${dialect.headerLine > 0 ? `, named in line ${dialect.headerLine}` : ""}`
    ),
    certain(
      "delimiter",
      dialect.delimiter === "\t" ? "tab" : dialect.delimiter,
      `a ${names[dialect.delimiter] ?? dialect.delimiter} between the names of the columns`
    ),
    certain(
      "encoding",
      dialect.encoding,
      dialect.hasInvalid ? "but for some bytes, which can't be read" : "every byte of the file can be read so"
    ),
    ...(above.length > 0
      ? [
          certain(
            "preamble",
            count(above.length, "line"),
            `above the header, such as ${JSON.stringify(above[0]!.slice(0, 60))}`
          )
        ]
      : [])
  ];
}

function misfitFindings({lines, count: all, below}: Misfits, {columns}: Dialect): Finding[] {
  const findings: Finding[] = [];
  const shown = ({line, text}: {line: number; text: string}) => `line ${line}: ${JSON.stringify(text.slice(0, 60))}`;
  if (below.length > 0)
    findings.push(
      certain(
        "footer",
        count(below.length, "line"),
        `below the last row, such as ${JSON.stringify(below[0]!.slice(0, 60))}`
      )
    );
  const others = all - below.length;
  if (others > 0)
    findings.push(
      certain(
        "lines that are no rows",
        count(others, "line"),
        `with another number of fields than the ${count(columns.length, "name")} of the header: ${lines.map(shown).join("; ")}`
      )
    );
  return findings;
}

/**
 * A pattern of each line: where it is a name and a text, such as `Account Number: 123`, any text may stand behind the name, and any number
 * where one stands in other lines.
 */
function patternsOf(lines: readonly string[]): string[] {
  const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const patterns = lines.map((line) => {
    const [, name] = /^("?[A-Za-z][^,;:\t"]*"?[,;:\t]).*\S/.exec(line) ?? [];
    return name === undefined ? `${escaped(line.trim()).replaceAll(/\d+/g, "\\d+")}\\s*` : `${escaped(name)}.*`;
  });
  return [...new Set(patterns)];
}
