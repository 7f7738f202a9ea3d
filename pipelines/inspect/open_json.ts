import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {count} from "../observe/text.js";
import {bytesOf} from "../sources/formats/encoding.js";
import type {FileReading} from "../sources/formats/file_reading.js";
import {JsonDepth} from "../sources/formats/json_depth.js";
import {jsonl, withAccount} from "../sources/formats/jsonl.js";
import {type Limits, refuseColumns} from "../sources/formats/limits.js";
import {certain, type Finding, unknown} from "./finding.js";
import {placeOfRecords, recordsAt} from "./json_records.js";
import {define, type OpenFile, type Opening, rowColumn} from "./opened.js";

/** Opens a document of JSON: its rows are the records of the list in it that has the most. */
export async function openJson(connection: Connection, {reading}: Opening, wrapping: string): Promise<OpenFile> {
  const document = parsed(await wholeText(reading));
  const place = placeOfRecords(document);
  const findings: Finding[] = [
    certain("format", `JSON${wrapping}`, `it is one ${Array.isArray(document) ? "list" : "object"}`)
  ];
  if (!place)
    return {
      kind: undefined,
      columns: [],
      findings: [
        ...findings,
        unknown("rows", "no list of records is in it", "the sender's word on where its values are")
      ]
    };
  const columns = await load(connection, recordsAt(document, place.path), reading.limits);
  return {
    kind: "JSON",
    columns,
    findings: [
      ...findings,
      certain(
        "records",
        place.path === "" ? "the list itself" : place.path,
        `the longest list in it, of ${count(place.count, "record")}`
      )
    ]
  };
}

/** A document of JSON, of which no more is held than may be. */
async function wholeText(reading: FileReading): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of bytesOf(reading)) {
    length += piece.length;
    reading.refuseDocument(length);
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  new JsonDepth(reading.limits).push(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, position] = /position (\d+)/.exec((error as Error).message) ?? [];
    const line = text.slice(0, position === undefined ? undefined : Number(position)).split("\n").length;
    throw new Error(`it is not valid JSON: see line ${line}`);
  }
}

async function load(
  connection: Connection,
  records: Iterable<ReadonlyMap<string, string | null>>,
  limits: Limits
): Promise<OpenFile["columns"]> {
  const all = [...records];
  const names = [...new Set(all.flatMap((record) => [...record.keys()]))];
  refuseColumns(names.length, "it", limits);
  const columns = names.map((name) => `${identifier(name)} VARCHAR`);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE loaded (${[...columns, `${identifier(rowColumn)} BIGINT`].join(", ")})`
  );
  const appender = await connection.native.createAppender("loaded", undefined, "temp");
  try {
    for (const [index, record] of all.entries()) {
      for (const name of names) {
        const value = record.get(name);
        if (value === undefined || value === null) appender.appendNull();
        else appender.appendVarchar(value);
      }
      appender.appendBigInt(BigInt(index + 1));
      appender.endRow();
    }
  } finally {
    appender.closeSync();
  }
  return define(connection, "SELECT * FROM loaded");
}

/** Opens lines of JSON, an object each: their names are the columns. */
export async function openJsonLines(
  connection: Connection,
  {content, file, reading}: Opening,
  wrapping: string
): Promise<OpenFile> {
  await withAccount(reading, new Map());
  const rows = jsonl.select([content], new Map([["line", "VARCHAR"]]));
  await connection.run(`CREATE OR REPLACE TEMP TABLE lines AS ${rows}`);
  const [bad] = await connection.rows<{bad: bigint; first: bigint | null; all: bigint}>(
    `SELECT count(*) FILTER (NOT coalesce(isObject, false)) AS bad, min(landing_row) FILTER (NOT coalesce(isObject, false)) AS first, count(*) AS all
     FROM (SELECT landing_row, json_valid(line) AND json_type(line) = 'OBJECT' AS isObject FROM lines)`
  );
  const keys = await connection.rows<{name: string; type: string}>(
    `SELECT name, mode(type) AS type FROM (
       SELECT unnest(json_keys(line)) AS name, line, landing_row FROM lines WHERE json_valid(line) AND json_type(line) = 'OBJECT'
     ), LATERAL (SELECT json_type(line, '$."' || name || '"') AS type) GROUP BY name ORDER BY min(landing_row), name`
  );
  const pointer = (name: string) => literal(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  const names = keys.map(({name}) => name);
  refuseColumns(names.length, "it", reading.limits);
  const columns = names.map((name) => `json_extract_string(line, ${pointer(name)}) AS ${identifier(name)}`);
  const found = await define(
    connection,
    `SELECT ${[...columns, `landing_row AS ${identifier(rowColumn)}`].join(", ")} FROM lines WHERE json_valid(line) AND json_type(line) = 'OBJECT'`
  );
  const isNamed = /\.(jsonl|ndjson)(\.gz)?$/i.test(file);
  return {
    kind: "lines of JSON",
    columns: found,
    findings: [
      certain("format", `lines of JSON${wrapping}`, `${count(Number(bad!.all), "line")}, an object each`),
      ...(bad!.bad > 0n
        ? [
            certain(
              "lines that are no rows",
              count(Number(bad!.bad), "line"),
              `no JSON object, such as line ${bad!.first}`
            )
          ]
        : [])
    ],
    ...(isNamed ? {} : {fault: "its name must end in .jsonl or .ndjson, so that its lines are read one by one"})
  };
}
