import {statSync} from "node:fs";
import {literal, pathPattern} from "../../engines/duckdb.js";
import type {FileAccount} from "./account.js";
import {compressionOf} from "./describe.js";
import {bytesOf} from "./encoding.js";
import {isCompressed} from "./file_name.js";
import type {FileReading} from "./file_reading.js";
import {JsonDepth} from "./json_depth.js";
import {linesWithout} from "./json_rows.js";
import {elementBytes, overLimit} from "./limits.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";

/**
 * Lines of JSON (https://jsonlines.org), as text in one column, `line`: what is in a line, and whether it is JSON at
 * all, is for the Bronze model to say, line by line. Lines are numbered as an editor numbers them; those without
 * anything on them are left out.
 */
export const jsonl: Reader = {
  extensions: [".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"],
  // What isn't UTF-8, or no whole gzip, is found when the rows are read.
  columns: (_, files, limits) => eachFile(files, limits, (reading) => withAccount(reading, columns)),
  select: linesOf,
  without: linesWithout
};

const columns: FileColumns = new Map([["line", "VARCHAR"]]);

/**
 * Columns of a file of lines, with the account of its lines: each is a row, or blank.
 *
 * @throws Error of a line beyond a limit
 */
export async function withAccount(reading: FileReading, columns: ReadonlyMap<string, string>): Promise<FileColumns> {
  let [records, blank, isBlank, isBegun, length] = [0, 0, true, false, 0];
  const longest = elementBytes(reading.limits);
  const depth = new JsonDepth(reading.limits);
  // What is shorter can't be nested deeper.
  const shortest = 2 * reading.limits.depth;
  for await (const chunk of bytesOf(reading)) {
    let at = records === 0 && !isBegun && chunk.toString("latin1", 0, 3) === "\xef\xbb\xbf" ? 3 : 0;
    while (at < chunk.length) {
      // A first byte beyond the space says so at once.
      while (isBlank && (chunk[at] === 0x20 || chunk[at] === 0x09 || chunk[at] === 0x0d)) at++;
      if (isBlank && at < chunk.length && chunk[at] !== 0x0a) isBlank = false;
      const end = chunk.indexOf(0x0a, at);
      isBegun = end < 0;
      length += (isBegun ? chunk.length : end) - at;
      if (isBegun || length > shortest) depth.push(chunk, at, isBegun ? chunk.length : end);
      if (length > longest) throw overLimit(`line ${records + 1} is too long`, reading.limits, "elementMiB");
      if (end < 0) break;
      records++;
      length = 0;
      depth.begin();
      if (isBlank) blank++;
      isBlank = true;
      at = end + 1;
    }
  }
  if (isBegun) {
    records++;
    if (isBlank) blank++;
  }
  const account: FileAccount = {
    encoding: "utf-8",
    ...{records, rows: records - blank, rejected: 0, blank, header: 0, preamble: 0, footer: 0, rejects: []}
  };
  return Object.assign(new Map(columns), {account});
}

/** Files up to here are read whole, several at a time. */
const largestWhole = 64 * 1024 * 1024;

function linesOf(files: readonly string[]): string {
  const isWhole = (file: string) => !isCompressed(file) && statSync(file).size <= largestWhole;
  const whole = files.filter(isWhole);
  const selects = files.filter((file) => !isWhole(file)).map(streamed);
  if (whole.length > 0) selects.unshift(split(whole));
  return selects.join(" UNION ALL ");
}

/** A line that ends in CR LF ends there. Trimming costs much more than looking whether there is something to trim. */
const withoutReturn = "CASE WHEN suffix(line, chr(13)) THEN rtrim(line, chr(13)) ELSE line END";

/** Whether there is something on a line: a first character beyond the space says so at once. */
const isWritten = "(ascii(line) > 32 OR trim(line, ' ' || chr(9) || chr(13)) <> '')";

/** Small files, each in one piece: by far the fastest, and the number of a line is its place. */
function split(files: readonly string[]): string {
  return `SELECT ${withoutReturn} AS line, landing_file, landing_row
          FROM (
            SELECT unnest(lines) AS line, generate_subscripts(lines, 1) AS landing_row, landing_file
            FROM (
              SELECT string_split(ltrim(content, chr(65279)), chr(10)) AS lines, filename AS landing_file
              FROM read_text([${files.map(pathPattern).join(", ")}])
            )
          )
          WHERE ${isWritten}`;
}

/** A large or compressed file, as CSV of one column: one thread, or lines would be numbered as they happen to be read. */
function streamed(file: string): string {
  return `SELECT ${withoutReturn} AS line, ${literal(file)} AS landing_file, landing_row
          FROM (
            SELECT line, row_number() OVER () AS landing_row
            FROM read_csv(${pathPattern(file)}, compression = ${literal(compressionOf(file))}, columns = {line: 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
              auto_detect = false, strict_mode = false, hive_partitioning = false, max_line_size = ${largestWhole}, parallel = false)
          )
          WHERE ${isWritten}`;
}
