import {rowsOfFiles} from "../delta/stage.js";
import type {NewFile} from "../delta/stats.js";
import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {listed} from "../models/header.js";
import type {Model} from "../models/model.js";
import {longestText, mostRejects, type RecordReject} from "./formats/account.js";
import {idColumns} from "./id_text.js";

/** The records of one file that have a control character where a value belongs. */
export interface ControlCharacters {
  /** All rows that the records made, by the numbers that they have in the file. */
  readonly rows: readonly number[];
  readonly records: number;
  readonly rejects: readonly RecordReject[];
}

/**
 * Finds, by arrival, the staged rows of a Bronze table whose ids hold any control character, or whose other texts hold one
 * that is no white space. No such text is what its sender meant: it breaks statements, terminals and files that it gets
 * into, and NUL ends it early in programs written in C. A row that has a problem already is rejected for that, and a record as
 * it came, from which nothing could be read, may hold anything.
 */
export async function controlCharactersIn(
  connection: Connection,
  model: Model,
  columns: readonly {name: string; type: string}[],
  files: readonly NewFile[]
): Promise<ReadonlyMap<number, ControlCharacters>> {
  const texts = textColumns(model, columns);
  if (files.length === 0 || texts.length === 0) return new Map();
  const faults = faultsOf(model, texts);
  const has = (name: string) => columns.some((column) => column.name === name);
  const record = has("file_row") ? "file_row" : "row_number";
  const staged = rowsOfFiles(columns, model.partition, files);
  const isOdd = `(${faults.map(({condition}) => condition).join(" OR ")})${has("problem") ? " AND problem IS NULL" : ""}`;
  const rows = await connection.rows<{arrival: bigint; rows: bigint[]; records: bigint; reason: string; text: string}>(
    `WITH odd AS (
       SELECT arrival, ${record} AS record, min(CASE ${faults.map(({condition, reason}) => `WHEN ${condition} THEN ${reason}`).join(" ")} END) AS reason
       FROM (${staged}) WHERE ${isOdd} GROUP BY arrival, record
     )
     -- The patch leaves out what is NULL.
     SELECT arrival, list(row_number ORDER BY row_number) AS rows, ${has("parts") ? "coalesce(max(parts), 1)" : "1"} AS records,
       any_value(reason) AS reason,
       arg_min(CAST(json_merge_patch('{}', to_json({${texts.map((name) => `${literal(name)}: ${identifier(name)}`).join(", ")}})) AS VARCHAR), row_number) AS text
     FROM (${staged}) AS staged JOIN odd USING (arrival) WHERE staged.${record} = odd.record
     GROUP BY arrival, odd.record ORDER BY arrival, min(row_number)`
  );
  const found = new Map<number, {rows: number[]; records: number; rejects: RecordReject[]}>();
  for (const row of rows) {
    const of = found.get(Number(row.arrival)) ?? {rows: [], records: 0, rejects: []};
    found.set(Number(row.arrival), of);
    of.rows.push(...row.rows.map(Number));
    of.records += Number(row.records);
    const {reason, text} = row;
    if (of.rejects.length < mostRejects)
      of.rejects.push({line: null, row: Number(row.rows[0]), text: text.slice(0, longestText), reason});
  }
  return found;
}

/** The columns that were read from records, as text. */
function textColumns(model: Model, columns: readonly {name: string; type: string}[]): string[] {
  const others = new Set(["source", "file", "sha256", ...listed(model.extra.unread)]);
  return columns.filter(({name, type}) => type === "VARCHAR" && !others.has(name)).map(({name}) => name);
}

/** SQL that is true where a column has a control character that it can't have, and SQL of what is wrong. */
function faultsOf(model: Model, texts: readonly string[]): {condition: string; reason: string}[] {
  const ids = idColumns(model);
  return texts.map((name) => {
    const characters = literal(ids.has(name) ? anyControl : controlButSpace);
    const code = `upper(lpad(to_hex(unicode(regexp_extract(${identifier(name)}, ${characters}))), 4, '0'))`;
    return {
      condition: `regexp_matches(${identifier(name)}, ${characters})`,
      reason: `${literal(`${name} has a control character: U+`)} || ${code}`
    };
  });
}

const anyControl = "\\p{Cc}";
const controlButSpace = "[^\\P{Cc}\\t\\r\\n]";
