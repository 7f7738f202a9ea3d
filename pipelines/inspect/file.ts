import {createReadStream} from "node:fs";
import {open} from "node:fs/promises";
import {createGunzip} from "node:zlib";
import {type Connection, literal} from "../engines/duckdb.js";
import {pathPattern} from "../sources/formats/describe.js";
import {jsonSplit} from "../sources/formats/json_split.js";
import {columnsOf} from "../sources/formats/reader.js";
import {certain, type Finding, unknown} from "./finding.js";

/** A file opened as rows: DuckDB's view `raw` has them, all columns as text but lists. */
export interface OpenFile {
  /** The reader of `pipelines/sources/formats` that would read it; undefined where the file can't be read as rows. */
  readonly format: "csv" | "parquet" | "jsonl" | "json" | "json_split" | undefined;
  readonly columns: readonly {readonly name: string; readonly type: string}[];
  readonly findings: readonly Finding[];
}

/**
 * Finds out by its first bytes what a file is, whatever its name says, and opens it as rows.
 *
 * @throws Error when there is no such file, or nothing in it.
 */
export async function openFile(connection: Connection, file: string): Promise<OpenFile> {
  const {head, isCompressed} = await headOf(file);
  if (head.length === 0) throw new Error(`the file is empty: ${file}`);
  const start = head.toString("latin1");
  const text = head.toString("utf8").replace(/^\uFEFF/, "");
  const wrapping = isCompressed ? ", compressed with gzip" : "";
  const options = isCompressed ? ", compression = 'gzip'" : "";
  if (start.startsWith("PAR1")) {
    const columns = await define(
      connection,
      `SELECT * FROM read_parquet(${pathPattern(file)}, hive_partitioning = false)`
    );
    return {format: "parquet", columns, findings: [certain("format", "Parquet", "it begins with PAR1")]};
  }
  if (start.startsWith("SQLite format 3"))
    return closed("SQLite database", "a name of a table: format `sqlite` reads one");
  if (/^\s*[{[]/.test(text)) return openJson(connection, file, text, options, wrapping);
  if (/^\s*</.test(text)) {
    const root = /<(?:\w+:)?([A-Za-z]\w*)/.exec(text.replace(/<[?!][^>]*>/g, ""))?.[1];
    const isPage = /^html$/i.test(root ?? "");
    return closed(
      isPage ? "HTML page" : `XML, ${root}`,
      isPage ? "the file itself: this is a page of a website" : "a reader of its own in pipelines/sources/formats"
    );
  }
  if (start.includes("\0")) return closed("unknown, binary", "the sender's word on what wrote it");
  return openCsv(connection, file, head, options, wrapping);

  function closed(kind: string, wouldTell: string): OpenFile {
    const findings = [certain("format", kind + wrapping, `it begins with ${JSON.stringify(text.slice(0, 40))}`)];
    return {format: undefined, columns: [], findings: [...findings, unknown("rows", "not read as rows", wouldTell)]};
  }
}

async function headOf(file: string): Promise<{head: Buffer; isCompressed: boolean}> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new Error(`file not found: ${file}; name a file that is there`) : error;
  });
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`not a file: ${file}; name a file in it`);
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    const head = buffer.subarray(0, bytesRead);
    if (!(head[0] === 0x1f && head[1] === 0x8b)) return {head, isCompressed: false};
  } finally {
    await handle.close();
  }
  const chunks: Buffer[] = [];
  const stream = createReadStream(file).pipe(createGunzip());
  for await (const chunk of stream) {
    chunks.push(chunk);
    if (Buffer.concat(chunks).length >= 4096) break;
  }
  stream.destroy();
  return {head: Buffer.concat(chunks).subarray(0, 4096), isCompressed: true};
}

async function openCsv(
  connection: Connection,
  file: string,
  head: Buffer,
  options: string,
  wrapping: string
): Promise<OpenFile> {
  const [sniffed] = await connection.rows<{
    Delimiter: string;
    Quote: string;
    HasHeader: boolean;
    SkipRows: number;
    Columns: string;
  }>(
    `SELECT Delimiter, Quote, HasHeader, SkipRows, CAST(Columns AS VARCHAR) AS Columns FROM sniff_csv(${pathPattern(file)}, all_varchar = true${options})`
  );
  const {Delimiter: delimiter, HasHeader: hasHeader, SkipRows: skipped} = sniffed!;
  const columns = await define(
    connection,
    `SELECT * FROM read_csv(${pathPattern(file)}, all_varchar = true, header = ${hasHeader}, delim = ${literal(delimiter)}, skip = ${skipped}, hive_partitioning = false${options})`
  );
  const [first = ""] = head
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .slice(Number(skipped));
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return {
    format: "csv",
    columns,
    findings: [
      certain(
        "format",
        `delimited text${wrapping}`,
        `${columns.length} columns in every row${hasMark ? "; a byte order mark at its start" : ""}`
      ),
      certain(
        "delimiter",
        delimiter === "\t" ? "tab" : delimiter,
        `the first line ${skipped > 0 ? `after ${skipped} others ` : ""}is ${JSON.stringify(first.slice(0, 80))}`
      ),
      hasHeader
        ? certain("header", "yes", columns.map(({name}) => name).join(", "))
        : certain("header", "no", "the first line is data like the others; the columns are numbered")
    ]
  };
}

async function openJson(
  connection: Connection,
  file: string,
  text: string,
  options: string,
  wrapping: string
): Promise<OpenFile> {
  const isLines = /^\s*\{[^\n]*\}\r?\n\s*\{/.test(text);
  if (/^\s*\{\s*"columns"/.test(text)) {
    const found = await columnsOf(jsonSplit, connection, file);
    const select = `SELECT * EXCLUDE (landing_file, landing_row) FROM (${jsonSplit.select([file], found)})`;
    const columns = await define(connection, select);
    const evidence = `a list of columns, then the rows: ${columns.map(({name}) => name).join(", ")}`;
    return {format: "json_split", columns, findings: [certain("format", `JSON in two parts${wrapping}`, evidence)]};
  }
  const columns = await define(
    connection,
    `SELECT * FROM read_json(${pathPattern(file)}, hive_partitioning = false${options})`
  );
  const nested = columns.filter(({type}) => /STRUCT|MAP|JSON|\[\]\[\]/.test(type));
  const findings = [
    certain(
      "format",
      `${isLines ? "lines of JSON" : "JSON"}${wrapping}`,
      `${isLines ? "an object a line" : `it begins with ${JSON.stringify(text.slice(0, 40))}`}: ${columns.map(({name}) => name).join(", ")}`
    )
  ];
  if (nested.length === 0) return {format: isLines ? "jsonl" : "json", columns, findings};
  return {
    format: undefined,
    columns: [],
    findings: [
      ...findings,
      unknown(
        "rows",
        `nested: ${nested.map(({name}) => name).join(", ")}`,
        "a reader that says what a row is: see pipelines/sources/formats"
      )
    ]
  };
}

/** Lets `raw` mean the rows, numbered, all columns as text but lists of numbers. */
async function define(connection: Connection, select: string): Promise<{name: string; type: string}[]> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE raw AS SELECT *, row_number() OVER () AS "row number" FROM (${select})`
  );
  const described = await connection.rows<{column_name: string; column_type: string}>("DESCRIBE raw");
  return described
    .filter(({column_name}) => column_name !== "row number")
    .map(({column_name, column_type}) => ({name: column_name, type: column_type}));
}
