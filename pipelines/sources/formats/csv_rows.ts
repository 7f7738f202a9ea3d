import {cutRows, type Span} from "./cut.js";
import type {Without} from "./reader.js";

/** Writes delimited text without some of its rows; its header stays. */
export const csvWithout: Without = (_, file, draft, rows) => cutRows(file, draft, rows, rowsOfCsv);

const [quote, newLine, carriageReturn] = [0x22, 0x0a, 0x0d];

/** The rows below a header, each with the end of its line: a line break in quotes ends none, and an empty line is none. */
function rowsOfCsv(bytes: Buffer): Map<number, Span> {
  const spans = new Map<number, Span>();
  // The header is number 0.
  let [number, start, isQuoted] = [0, 0, false];
  const end = (at: number) => {
    if (!isEmpty(bytes, start, at)) spans.set(number++, {start, end: at});
    start = at;
  };
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === quote) isQuoted = !isQuoted;
    else if (bytes[at] === newLine && !isQuoted) end(at + 1);
  }
  end(bytes.length);
  spans.delete(0);
  return spans;
}

function isEmpty(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== newLine && bytes[at] !== carriageReturn) return false;
  return true;
}
