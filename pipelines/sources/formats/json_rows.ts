import {cutRows, type Span} from "./cut.js";
import type {Without} from "./reader.js";

/** Writes documents of JSON, in an array or one after the other, without some of them. */
export const documentsWithout: Without = (_, {file}, draft, rows) =>
  cutRows(file, draft, rows, (bytes) => {
    const start = skipSpace(bytes, bytes[0] === 0xef ? 3 : 0);
    return numbered(bytes[start] === bracket ? elementsOf(bytes, start) : valuesFrom(bytes, start), rows);
  });

/** Writes an object of columns and rows (`orient="split"`) without some of its rows. */
export const splitWithout: Without = (_, {file}, draft, rows) =>
  cutRows(file, draft, rows, (bytes) => {
    for (const {start, end} of elementsOf(bytes, skipSpace(bytes, bytes[0] === 0xef ? 3 : 0))) {
      const keyEnd = endOf(bytes, start);
      if (JSON.parse(bytes.toString("utf8", start, keyEnd)) !== "data") continue;
      const value = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
      if (value < end) return numbered(elementsOf(bytes, value), rows);
    }
    throw new Error("no 'data' in it");
  });

/** Writes lines of JSON without some of them: they are numbered as an editor numbers them. */
export const linesWithout: Without = (_, {file}, draft, rows) =>
  cutRows(file, draft, rows, (bytes) => {
    const spans = new Map<number, Span>();
    for (let start = 0, number = 1; start < bytes.length; number++) {
      const found = bytes.indexOf(0x0a, start);
      const end = found < 0 ? bytes.length : found + 1;
      spans.set(number, {start, end});
      start = end;
    }
    return spans;
  });

const [doubleQuote, backslash, comma, bracket, brace] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];
const closing = new Set([0x5d, 0x7d]);

/**
 * Values by their numbers from 1. A value that goes takes along what parts it from the one after it; the last ones
 * take what parts them from the one before, so that no comma is left over.
 */
function numbered(values: readonly Span[], gone: ReadonlySet<number>): Map<number, Span> {
  let last = values.length;
  while (last > 0 && gone.has(last)) last--;
  const spanOf = ({start, end}: Span, index: number): Span =>
    index < last || last === 0 ? {start, end: values[index + 1]?.start ?? end} : {start: values[index - 1]!.end, end};
  return new Map(values.map((value, index) => [index + 1, spanOf(value, index)]));
}

/** What stands between an opening bracket or brace and its end, comma by comma; a member of an object with its key. */
function elementsOf(bytes: Buffer, open: number): Span[] {
  if (bytes[open] !== bracket && bytes[open] !== brace) throw new Error(`no list at byte ${open}`);
  const elements: Span[] = [];
  for (let at = skipSpace(bytes, open + 1); !closing.has(bytes[at]!); ) {
    const start = at;
    let end = endOf(bytes, start);
    at = skipSpace(bytes, end);
    if (bytes[open] === brace) {
      // A colon, then the value.
      end = endOf(bytes, skipSpace(bytes, at + 1));
      at = skipSpace(bytes, end);
    }
    elements.push({start, end});
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
  }
  return elements;
}

/** Values one after the other, up to the end. */
function valuesFrom(bytes: Buffer, first: number): Span[] {
  const values: Span[] = [];
  for (let at = first; at < bytes.length; ) {
    const end = endOf(bytes, at);
    values.push({start: at, end});
    at = skipSpace(bytes, end);
  }
  return values;
}

/**
 * Where a value ends that begins here. Its reader has read the file: that it is JSON is known.
 *
 * @throws Error when it has no end
 */
function endOf(bytes: Buffer, start: number): number {
  let [depth, at] = [0, start];
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === doubleQuote) {
      do {
        at += bytes[at] === backslash ? 2 : 1;
      } while (at < bytes.length && bytes[at] !== doubleQuote);
      if (depth === 0) return at + 1;
    } else if (byte === bracket || byte === brace) depth++;
    else if (closing.has(byte)) {
      if (depth <= 1) return depth === 1 ? at + 1 : at;
      depth--;
    } else if (depth === 0 && at > start && (byte === comma || isSpace(byte))) return at;
  }
  if (depth > 0 || at === start) throw new Error("the JSON breaks off");
  return at;
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isSpace(bytes[at]!)) at++;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
