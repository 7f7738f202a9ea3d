import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gunzipSync, gzipSync} from "node:zlib";
import fc from "fast-check";
import {afterAll, beforeAll, expect, it} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {delimited} from "../../pipelines/sources/formats/csv.js";
import {FileReading} from "../../pipelines/sources/formats/file_reading.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {columnsOf} from "../../pipelines/sources/formats/reader.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-csv-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

/** A record as it is meant, before anybody writes it. */
type Item =
  | {readonly kind: "row"; readonly values: Readonly<Record<string, string>>}
  | {readonly kind: "blank" | "delimiters" | "total" | "short" | "long" | "same header" | "other header"};

interface File {
  readonly items: readonly Item[];
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly newLines: readonly string[];
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  readonly hasMark: boolean;
  readonly titles: readonly string[];
  readonly takesTitles: boolean;
  readonly isStated: boolean;
  readonly trailing: "none" | "rows" | "all";
  readonly endsOpen: boolean;
  readonly quoteMore: readonly boolean[];
  readonly isPacked: boolean;
}

const extra = "note (kWh, if any)";
const letters = [..."abz019.-+:", " ", ",", ";", "\t", "|", '"', "'", "\n", "\r\n", "\r", "=", "é", "ü"];
const value = fc.array(fc.constantFrom(...letters), {maxLength: 6}).map((parts) => parts.join(""));
const row = fc.record({meter: value.map((text) => `m${text}`), value, [extra]: value, code: value});
const items = fc.array(
  fc.oneof(
    {weight: 6, arbitrary: row.map((values): Item => ({kind: "row", values}))},
    {
      weight: 2,
      arbitrary: fc
        .constantFrom("blank", "delimiters", "total", "short", "long", "same header", "other header")
        .map((kind): Item => ({kind}) as Item)
    }
  ),
  {maxLength: 12}
);
const files: fc.Arbitrary<File> = fc.record({
  items: fc.tuple(row, items).map(([values, others]): Item[] => [{kind: "row", values}, ...others]),
  columns: fc.shuffledSubarray(["meter", "value", extra], {minLength: 3}),
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  newLines: fc.array(fc.constantFrom("\n", "\r\n", "\r"), {minLength: 1, maxLength: 3}),
  encoding: fc.constantFrom("utf-8", "utf-16le", "utf-16be", "windows-1252"),
  hasMark: fc.boolean(),
  titles: fc.array(fc.constantFrom("Report of May", "Meter: m1, Vilnius", "From 2024"), {maxLength: 2}),
  takesTitles: fc.boolean(),
  isStated: fc.boolean(),
  trailing: fc.constantFrom("none", "rows", "all"),
  endsOpen: fc.boolean(),
  quoteMore: fc.array(fc.boolean(), {minLength: 7, maxLength: 7}),
  isPacked: fc.boolean()
});

/** A line as it is written, and what it is. */
interface Line {
  readonly kind: Item["kind"] | "title" | "stated" | "header";
  readonly text: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** Writes a file from what it is to hold. */
function written(file: File): Line[] {
  const {delimiter, trailing} = file;
  let [fields, columns] = [0, file.columns];
  const fieldText = (text: string) => {
    const isNeeded = [delimiter, '"', "\n", "\r"].some((mark) => text.includes(mark));
    const isAsked = file.quoteMore[fields++ % file.quoteMore.length];
    return isNeeded || isAsked ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const record = (texts: readonly string[], isHeader = false) =>
    texts.map(fieldText).join(delimiter) + (trailing === "all" || (trailing === "rows" && !isHeader) ? delimiter : "");
  const lines: Line[] = [];
  if (file.isStated) lines.push({kind: "stated", text: `sep=${delimiter}`});
  lines.push(...file.titles.map((text): Line => ({kind: "title", text})));
  lines.push({kind: "header", text: record(columns, true)});
  for (const item of file.items) {
    const {kind} = item;
    if (kind === "row")
      lines.push({kind, text: record(columns.map((name) => item.values[name]!)), values: pick(item.values, columns)});
    else if (kind === "blank") lines.push({kind, text: ""});
    else if (kind === "delimiters") lines.push({kind, text: delimiter.repeat(columns.length - 1)});
    else if (kind === "total") lines.push({kind, text: "Total: 12 kWh"});
    else if (kind === "short") lines.push({kind, text: `m1${delimiter}2`});
    else if (kind === "long") lines.push({kind, text: ["m1", "2", "3", "4", "5", "6"].join(delimiter)});
    else {
      if (kind === "other header")
        columns = columns.includes("code") ? file.columns : ["code", ...[...columns].reverse()];
      lines.push({kind, text: record(columns, true)});
    }
  }
  return lines;
}

function pick(values: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, values[name]!]));
}

/** The bytes of each line with its end. */
function bytesOf(file: File, lines: readonly Line[]): Buffer[] {
  const encode = (text: string) => {
    if (file.encoding === "utf-8") return Buffer.from(text);
    if (file.encoding === "windows-1252") return Buffer.from(text, "latin1");
    const bytes = Buffer.from(text, "utf16le");
    return file.encoding === "utf-16le" ? bytes : bytes.swap16();
  };
  let end = "";
  return lines.map(({text}, index) => {
    // CR, then an empty line that ends with LF, would be CR LF.
    const mayMerge = text === "" && end === "\r";
    end = mayMerge ? "\r" : file.newLines[index % file.newLines.length]!;
    const isOpen = file.endsOpen && index === lines.length - 1 && text !== "";
    return encode(text + (isOpen ? "" : end));
  });
}

function markOf({encoding, hasMark}: File): Buffer {
  if (!hasMark) return Buffer.alloc(0);
  const marks = {"utf-8": [0xef, 0xbb, 0xbf], "utf-16le": [0xff, 0xfe], "utf-16be": [0xfe, 0xff], "windows-1252": []};
  return Buffer.from(marks[encoding]);
}

const numbered = new Set<Line["kind"]>(["row", "total", "short", "long"]);

async function check(database: Connection, file: File, isCut: readonly boolean[]): Promise<void> {
  const lines = written(file);
  const pieces = bytesOf(file, lines);
  const mark = markOf(file);
  const path = join(folder, file.isPacked ? "A.CSV.GZ" : "a.csv");
  const pack = (bytes: Buffer) => (file.isPacked ? gzipSync(bytes) : bytes);
  await writeFile(path, pack(Buffer.concat([mark, ...pieces])));
  const reader = delimited({
    required: ["meter", "value"],
    optional: ["code"],
    ...(file.takesTitles && {preamble: "any"})
  });
  const columns = await columnsOf(reader, database, path, defaultLimits);

  const count = (...kinds: Line["kind"][]) => lines.filter(({kind}) => kinds.includes(kind)).length;
  const {rejects, encoding, ...account} = columns.account!;
  const titles = count("title");
  expect(account).toEqual({
    records: lines.length,
    rows: count("row"),
    rejected: count("total", "short", "long") + (file.takesTitles ? 0 : titles),
    blank: count("blank", "delimiters"),
    header: count("header", "same header", "other header"),
    preamble: count("stated") + (file.takesTitles ? titles : 0),
    footer: 0
  });

  // The numbers of rows, and the lines that an editor would show.
  const breaks = (text: string) => text.split(/\r\n|\r|\n/).length;
  let [line, number] = [1, 0];
  const expectedRejects: object[] = [];
  const expectedRows: Record<string, unknown>[] = [];
  const cut = new Set<number>();
  const left: Buffer[] = [mark];
  for (const [index, {kind, text, values}] of lines.entries()) {
    const isNumbered = numbered.has(kind);
    if (isNumbered) number++;
    if (kind === "row") {
      const texts = Object.entries(values!).map(([name, each]) => [name, each === "" ? null : each]);
      expectedRows.push({...Object.fromEntries(texts), landing_row: BigInt(number)});
    } else if (isNumbered || (kind === "title" && !file.takesTitles))
      expectedRejects.push({line, row: isNumbered ? number : null, text});
    if (isNumbered && kind === "row" && isCut[number % isCut.length]) cut.add(number);
    else left.push(pieces[index]!);
    line += breaks(text);
  }
  expect(rejects.map(({reason, ...reject}) => reject)).toEqual(expectedRejects);
  const names = [...new Set(lines.flatMap(({values}) => Object.keys(values ?? {})))];
  const rows = await database.rows(
    `SELECT * EXCLUDE (landing_file) FROM (${reader.select([path], columns)}) ORDER BY landing_row`
  );
  expect(rows.map((found) => pickFound(found, [...names, "landing_row"]))).toEqual(
    expectedRows.map((each) => pickFound(each, [...names, "landing_row"]))
  );

  const draft = join(folder, file.isPacked ? "draft.csv.gz" : "draft.csv");
  await reader.without!(database, new FileReading(path, defaultLimits), draft, cut);
  const bytes = await readFile(draft);
  expect((file.isPacked ? gunzipSync(bytes) : bytes).equals(Buffer.concat(left))).toBe(true);
}

function pickFound(found: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, found[name] ?? null]));
}

it("every record of any delimited text is a row with its values, or counted as what it is; without some rows every other byte stays", async () => {
  const database = await openDuckDB();
  try {
    await fc.assert(
      fc.asyncProperty(files, fc.array(fc.boolean(), {minLength: 3, maxLength: 3}), (file, isCut) =>
        check(database, file, isCut)
      ),
      {numRuns: Number(process.env.WATTLAKE_RUNS) || 150}
    );
  } finally {
    database.close();
  }
}, 120_000);
