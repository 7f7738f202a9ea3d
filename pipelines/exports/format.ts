import type {DuckDBResult, DuckDBValue} from "@duckdb/node-api";
import {count} from "../observe/text.js";
import {isNumeric, json, text} from "./values.js";

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
  const names = result.deduplicatedColumnNames().map((name) => JSON.stringify(name));
  let lead = "[\n";
  for await (const rows of result.yieldRows()) {
    for (const values of rows) {
      await write(`${lead}{${values.map((value, index) => `${names[index]}:${json(value)}`).join(",")}}`);
      lead = ",\n";
    }
  }
  await write(lead === "[\n" ? "[]\n" : "\n]\n");
}

async function printCsv(result: DuckDBResult, write: Write): Promise<void> {
  await write(csvLine(result.columnNames().map(safeText)));
  for await (const rows of result.yieldRows()) {
    for (const values of rows) await write(csvLine(values.map(csvCell)));
  }
}

function csvLine(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

function csvCell(value: DuckDBValue): string {
  if (value === null) return "";
  return typeof value === "string" ? safeText(value) : quoted(text(value));
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it; an empty one is no NULL. */
function safeText(cell: string): string {
  return quoted(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell, cell === "");
}

function quoted(cell: string, always = false): string {
  return always || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

async function printTable(result: DuckDBResult, write: Write): Promise<void> {
  const names = result.columnNames();
  const rows = await result.getRows();
  const cells = rows.map((row) =>
    row.map((value) => (value === null ? "NULL" : text(value).replaceAll(/[\r\n\t]+/g, " ")))
  );
  const widths = names.map((name, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]!.length), name.length)
  );
  const isRight = names.map((_, column) => rows.some((row) => isNumeric(row[column]!)));
  const line = (row: readonly string[]) =>
    `${row
      .map((cell, column) => (isRight[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd()}\n`;
  await write(line(names));
  await write(`${widths.map((width) => "─".repeat(width)).join("  ")}\n`);
  for (const row of cells) await write(line(row));
  await write(`${count(rows.length, "row")}\n`);
}
