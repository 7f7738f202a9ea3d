import {type TableRule, tableIn} from "./csv_dialect.js";
import {cutRows, type Span} from "./cut.js";
import {findEncoding, utf8Of} from "./encoding.js";
import type {Without} from "./reader.js";
import {type FoundRow, TableScan} from "./table_scan.js";

/** The lines of a record: the first one, and how many. */
interface Lines {
  readonly first: number;
  readonly count: number;
}

/** Writes delimited text without some of its rows; every other line stays, and every byte of it. */
export function csvWithout(rule: TableRule): Without {
  return async (_, reading, draft, rows) => {
    const code = await findEncoding(reading, rule.encoding);
    const dialect = await tableIn(reading, rule, code);
    if (!dialect) throw new Error("there is nothing in it");
    const lines = new Map<number, Lines>();
    const keep = ({number, line, breaks}: FoundRow) => {
      if (rows.has(number)) lines.set(number, {first: line, count: breaks + 1});
    };
    const scan = new TableScan({dialect, rule, limits: reading.limits}, {header() {}, row: keep, rejected: keep});
    for await (const chunk of utf8Of(reading, dialect)) scan.push(chunk);
    scan.finish();
    await cutRows(reading.file, draft, rows, (bytes) => spansOf(bytes, code.encoding, lines));
  };
}

/** Where the lines of records stand in a file's bytes, in whatever encoding they are. */
function spansOf(bytes: Buffer, encoding: string, lines: ReadonlyMap<number, Lines>): Map<number, Span> {
  const starts = lineStarts(bytes, encoding);
  const startOf = (line: number) => starts[line - 1] ?? bytes.length;
  return new Map(
    [...lines].map(([number, {first, count}]) => [number, {start: startOf(first), end: startOf(first + count)}])
  );
}

/** Where each line begins. A byte order mark is before the first one. */
function lineStarts(bytes: Buffer, encoding: string): number[] {
  const [step, low] = encoding === "utf-16le" ? [2, 0] : encoding === "utf-16be" ? [2, 1] : [1, 0];
  const unit = (at: number) => (step === 2 && bytes[at + 1 - low] !== 0 ? -1 : bytes[at + low]);
  const mark = bytes.toString("latin1", 0, 3);
  const first = mark === "\xef\xbb\xbf" ? 3 : step === 2 && /^(\xff\xfe|\xfe\xff)/.test(mark) ? 2 : 0;
  const starts = [first];
  for (let at = first; at < bytes.length; at += step) {
    const found = unit(at);
    if (found === 0x0a || (found === 0x0d && unit(at + step) !== 0x0a)) starts.push(at + step);
  }
  return starts;
}
