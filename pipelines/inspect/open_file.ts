import {createWriteStream} from "node:fs";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {type Connection, identifier, pathPattern} from "../engines/duckdb.js";
import {plainBytes} from "../sources/formats/encoding.js";
import {hasExtension} from "../sources/formats/file_name.js";
import {FileReading} from "../sources/formats/file_reading.js";
import {certain, unknown} from "./finding.js";
import {type Head, headOf, textOf} from "./head.js";
import {type KnownFile, knownByText} from "./known_file.js";
import {openDelimited} from "./open_delimited.js";
import {openJson, openJsonLines} from "./open_json.js";
import {openSqlite} from "./open_sqlite.js";
import {define, type OpenFile, type Opening, rowColumn} from "./opened.js";

/**
 * Finds out by its first bytes what a file is, whatever its name is, and opens it as rows.
 *
 * @throws Error when there is no such file, nothing in it, or it breaks off
 */
export async function openFile(connection: Connection, reading: FileReading, table?: string): Promise<OpenFile> {
  const {file, limits} = reading;
  const head = await headOf(file);
  const folder = await mkdtemp(join(tmpdir(), "wattlake-inspect-"));
  try {
    const content = await contentOf(reading, head, folder);
    const opening = {file, content, reading: new FileReading(content, limits), head, folder, table};
    return await reading.within(connection, () => openContent(connection, opening));
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function openContent(connection: Connection, opening: Opening): Promise<OpenFile> {
  const {head, content} = opening;
  const start = head.bytes.toString("latin1");
  const text = textOf(head);
  const wrapping = head.isCompressed ? ", compressed with gzip" : "";
  if (start.startsWith("PAR1")) {
    const columns = await define(
      connection,
      `SELECT *, file_row_number + 1 AS ${identifier(rowColumn)} FROM read_parquet(${pathPattern(content)}, hive_partitioning = false, file_row_number = true)`
    );
    return {kind: "Parquet", columns, findings: [certain("format", "Parquet", "it begins with PAR1")]};
  }
  if (start.startsWith("SQLite format 3")) return openSqlite(connection, opening);
  if (/^\s*[{[]/.test(text)) {
    const isLines = /^\s*\{[^\n]*\}\s*\r?\n\s*\{/.test(text) || /\.(jsonl|ndjson)(\.gz)?$/i.test(opening.file);
    return isLines ? openJsonLines(connection, opening, wrapping) : openJson(connection, opening, wrapping);
  }
  const known = knownByText(text);
  if (known) return knownAs(opening, known, wrapping);
  if (/^\s*</.test(text)) return closed(opening, markupIn(text), wrapping);
  const isText =
    /^(\xff\xfe|\xfe\xff)/.test(start) ||
    !start.includes("\0") ||
    text.slice(0, 200).replace(/[^\0\ufffd]/g, "").length === 0;
  if (!isText)
    return closed(opening, {kind: "unknown, binary", wouldTell: "the sender's word on what wrote it"}, wrapping);
  return openDelimited(connection, opening, wrapping);
}

/** A format that `land` reads, and that has no rows of columns. */
function knownAs({head}: Opening, known: KnownFile, wrapping: string): OpenFile {
  const begins = `it begins with ${JSON.stringify(textOf(head).slice(0, 40))}`;
  return {kind: undefined, columns: [], findings: [certain("format", known.name + wrapping, begins)], known};
}

/** What a file of tags is. */
function markupIn(text: string): {kind: string; wouldTell: string} {
  const root = /<(?:[\w.-]+:)?([A-Za-z][\w.-]*)/.exec(text.replace(/<[?!][^>]*>/g, ""))?.[1];
  if (/^html$/i.test(root ?? "") || /^\s*<!doctype html/i.test(text))
    return {kind: "HTML page", wouldTell: "the file itself: this is a page of a website"};
  return {
    kind: `XML, ${root}`,
    wouldTell: "a format of XML that npm run land knows, or a reader of its own in pipelines/sources/formats"
  };
}

function closed({head}: Opening, {kind, wouldTell}: {kind: string; wouldTell: string}, wrapping: string): OpenFile {
  const begins = `it begins with ${JSON.stringify(textOf(head).slice(0, 40))}`;
  const findings = [certain("format", kind + wrapping, begins), unknown("rows", "not read as rows", wouldTell)];
  return {kind: undefined, columns: [], findings};
}

/** Where the content can be read: readers know gzip by the file's name. */
async function contentOf(reading: FileReading, {isCompressed}: Head, folder: string): Promise<string> {
  const {file} = reading;
  const isNamed = hasExtension(file, [".gz"]);
  if (isCompressed === isNamed) return file;
  const copy = join(folder, basename(file).replace(/\.gz$/i, "") || "content");
  await pipeline(Readable.from(plainBytes(reading, isCompressed)), createWriteStream(copy));
  return copy;
}
