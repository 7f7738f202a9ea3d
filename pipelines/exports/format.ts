import {DuckDBBlobValue, type DuckDBResult, DuckDBTypeId, type DuckDBValue} from "@duckdb/node-api";
import {count} from "../observe/text.js";
import {safeText} from "./formula.js";
import {jsonObject, text} from "./values.js";

/** How rows are printed. */
export type RowFormat = "table" | "json" | "csv";

/** Prints a result as it comes: as a table for people, as one JSON array of objects, or as RFC 4180 text. */
export async function printResult(
  result: DuckDBResult,
  format: RowFormat,
  write: (text: string) => void | Promise<void>
): Promise<void> {
  await {table: printTable, json: printJson, csv: printCsv}[format](result, write);
}

type Write = (text: string) => void | Promise<void>;

async function printJson(result: DuckDBResult, write: Write): Promise<void> {
  const names = result.deduplicatedColumnNames();
  let lead = "[\n";
  for await (const rows of result.yieldRows()) {
    if (rows.length === 0) continue;
    await write(lead + rows.map((row) => jsonObject(names, row)).join(",\n"));
    lead = ",\n";
  }
  await write(lead === "[\n" ? "[]\n" : "\n]\n");
}

async function printCsv(result: DuckDBResult, write: Write): Promise<void> {
  await write(csvLine(result.columnNames().map((name) => quoted(safeText(name)))));
  for await (const rows of result.yieldRows()) {
    if (rows.length > 0) await write(rows.map((row) => csvLine(row.map(csvCell))).join(""));
  }
}

function csvLine(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

/** NULL is an empty cell; an empty text is one in quotes. */
function csvCell(value: DuckDBValue): string {
  if (value === null) return "";
  const isText = typeof value === "string" || value instanceof DuckDBBlobValue;
  return isText ? quoted(safeText(text(value)), value === "") : quoted(text(value));
}

function quoted(cell: string, always = false): string {
  return always || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** As many rows set a table's widths; those after stream by, however many there are. */
const measuredRows = 2_000;

async function printTable(result: DuckDBResult, write: Write): Promise<void> {
  const names = result.columnNames().map(shown);
  const isRight = result.columnTypes().map(({typeId}) => numeric.has(typeId));
  let widths: number[] | undefined;
  const line = (row: readonly string[]) => `${row.map(pad).join("  ").trimEnd()}\n`;
  const pad = (cell: string, column: number) => {
    const space = " ".repeat(Math.max(0, widths![column]! - width(cell)));
    return isRight[column] ? space + cell : cell + space;
  };
  let waiting: string[][] = [];
  let total = 0;
  const flush = async () => {
    const head = widths === undefined;
    widths ??= names.map((name, column) =>
      waiting.reduce((most, row) => Math.max(most, width(row[column]!)), width(name))
    );
    if (head) await write(`${line(names)}${widths.map((most) => "─".repeat(most)).join("  ")}\n`);
    if (waiting.length > 0) await write(waiting.map(line).join(""));
    waiting = [];
  };
  for await (const rows of result.yieldRows()) {
    total += rows.length;
    for (const row of rows) waiting.push(row.map((value) => (value === null ? "NULL" : shown(text(value)))));
    if (waiting.length >= measuredRows) await flush();
  }
  await flush();
  await write(`${count(total, "row")}\n`);
}

const numeric: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.BIGNUM,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL
]);

/** A text on one line, with nothing in it that a terminal obeys. */
function shown(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text takes. */
function width(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += /\p{Mn}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}
