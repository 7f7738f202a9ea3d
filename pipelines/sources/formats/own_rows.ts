import {type IntervalColumn, intervalColumns} from "../shape.js";
import {textOf} from "./encoding.js";
import type {FileReading} from "./file_reading.js";
import {withWholeQuarters} from "./fine_intervals.js";
import {elementBytes, overLimit} from "./limits.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";
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
export function ownReader(
  extensions: readonly string[],
  rowsOf: (reading: FileReading) => AsyncIterable<OwnRow>
): Reader {
  return {
    extensions,
    columns(connection, files, limits) {
      const texts = new TextTable(ownColumns);
      return eachFile(files, limits, async (reading): Promise<FileColumns> => {
        await texts.add(connection, reading.file, numbered(reading, rowsOf(reading)));
        return loadedColumns(texts, [...ownColumns, "parts"]);
      });
    },
    select: (files, columns) => withWholeQuarters(loadedRows(files, columns, ownColumns))
  };
}

async function* numbered(reading: FileReading, rows: AsyncIterable<OwnRow>): AsyncGenerator<TextRow> {
  let number = 0;
  for await (const row of rows) {
    yield {number: ++number, texts: ownColumns.map((column) => row[column])};
    if (number % rowsATurn === 0) await reading.goOn();
  }
}

const rowsATurn = 1000;

/**
 * The lines of a file, without the ends of lines.
 *
 * @throws Error of a line beyond the limit
 */
export async function* linesOf(reading: FileReading): AsyncGenerator<string> {
  const longest = elementBytes(reading.limits);
  let [rest, number] = ["", 0];
  const checked = (line: string) => {
    number++;
    if (line.length > longest) throw overLimit(`line ${number} is too long`, reading.limits, "elementMiB");
    return line;
  };
  for await (const piece of textOf(reading)) {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) yield checked(line);
    if (rest.length > longest) checked(rest);
  }
  if (rest !== "") yield checked(rest).replace(/\r$/, "");
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
