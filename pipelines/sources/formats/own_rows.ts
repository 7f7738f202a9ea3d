import {type IntervalColumn, intervalColumns} from "../shape.js";
import {findEncoding, utf8Of} from "./encoding.js";
import {withWholeQuarters} from "./fine_intervals.js";
import type {FileColumns, Reader} from "./reader.js";
import {loadedColumns, loadedRows, type TextRow, TextTable} from "./text_table.js";

/** A row of `bronze.interval_row` that a reader makes by itself; what is left out is empty. */
export type OwnRow = {readonly [Column in (typeof ownColumns)[number]]?: string};

/** `file_row` is the line or the record of the file that a row is from. */
const ownColumns = [...intervalColumns, "meter_suffix", "file_row"] as const satisfies readonly (
  | IntervalColumn
  | "meter_suffix"
  | "file_row"
)[];

/**
 * A reader of a format that is no table: what makes rows of `bronze.interval_row` of a file. Rows of less than a quarter of an hour are
 * joined to whole quarters, which is the least interval that there is.
 */
export function ownReader(extensions: readonly string[], rowsOf: (file: string) => AsyncIterable<OwnRow>): Reader {
  return {
    extensions,
    async columns(connection, files) {
      const texts = new TextTable(ownColumns);
      const load = async (file: string): Promise<FileColumns> => {
        await texts.add(connection, file, numbered(rowsOf(file)));
        return loadedColumns(texts, [...ownColumns, "parts"]);
      };
      const columns = new Map<string, FileColumns | Error>();
      for (const file of files) columns.set(file, await load(file).catch((error: Error) => error));
      return columns;
    },
    select: (files, columns) => withWholeQuarters(loadedRows(files, columns, ownColumns))
  };
}

async function* numbered(rows: AsyncIterable<OwnRow>): AsyncGenerator<TextRow> {
  let number = 0;
  for await (const row of rows) yield {number: ++number, texts: ownColumns.map((column) => row[column])};
}

/** The text of a file piece by piece, in whatever encoding it is; decompressed where its name ends in `.gz`. */
export async function* textOf(file: string): AsyncGenerator<string> {
  const code = await findEncoding(file);
  if (code.hasInvalid) throw new Error("the text is not UTF-8 throughout; save the file as UTF-8");
  for await (const bytes of utf8Of(file, code)) yield bytes.toString("utf8");
}

/** The lines of a file, without the ends of lines. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of textOf(file)) {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) yield line;
  }
  if (rest !== "") yield rest.replace(/\r$/, "");
}

/** An instant in milliseconds as ISO 8601 in UTC, to the second. */
export function isoOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/**
 * A number's text times a power of ten, digit by digit: nothing is rounded. A text that is no such number stays as it is, and is judged
 * with the others.
 */
export function shifted(text: string, power: number): string {
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (power === 0 || whole + fraction === "") return text;
  const digits = whole + fraction;
  const point = whole.length + power;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 1);
  const result = `${padded.slice(0, at)}.${padded.slice(at)}`.replace(/\.?0*$/, (end) =>
    end.includes(".") ? "" : end
  );
  return sign + result.replace(/^0+(?=\d)/, "");
}
