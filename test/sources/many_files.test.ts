import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {Arrival} from "../../pipelines/sources/arrivals.js";
import {delimited} from "../../pipelines/sources/formats/csv.js";
import {entsoe} from "../../pipelines/sources/formats/entsoe.js";
import {greenButton} from "../../pipelines/sources/formats/green_button.js";
import {json} from "../../pipelines/sources/formats/json.js";
import {jsonSplit} from "../../pipelines/sources/formats/json_split.js";
import {jsonl} from "../../pipelines/sources/formats/jsonl.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {nem12} from "../../pipelines/sources/formats/nem12.js";
import {parquet} from "../../pipelines/sources/formats/parquet.js";
import type {FileColumns, Reader} from "../../pipelines/sources/formats/reader.js";
import {shapeRule} from "../../pipelines/sources/formats/shape_columns.js";
import {shapedReader} from "../../pipelines/sources/formats/shaped.js";
import {sqliteTable} from "../../pipelines/sources/formats/sqlite.js";
import {tabular} from "../../pipelines/sources/formats/tabular.js";
import {alikeIn} from "../../pipelines/sources/inspect.js";
import type {Shape} from "../../pipelines/sources/shape.js";

let database: Connection;
let folder: string;
beforeAll(async () => {
  database = await openDuckDB();
  folder = await mkdtemp(join(tmpdir(), "wattlake-many-"));
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

const rule = {required: ["meter_id", "value"], isWhole: true};
const titled: Shape = {preamble: [".*"], columns: {meter_id: {above: "Meter"}, start: "Start", value: "Value"}};
const half = Array.from({length: 48}, (_, index) => index).join();
const reading = "<timePeriod><duration>900</duration><start>1648332000</start></timePeriod>";
const block = (index: number) =>
  `<IntervalBlock><IntervalReading>${reading}<value>${index}</value></IntervalReading></IntervalBlock>`;
const prices = (index: number) =>
  `<Publication_MarketDocument><mRID>${index}</mRID><TimeSeries><Period><resolution>PT60M</resolution>
   <Point><position>1</position><price.amount>${index}.5</price.amount></Point></Period></TimeSeries></Publication_MarketDocument>`;

/** A kind of file: its reader, what the file of a number holds, and which column is to say which file it is. */
interface Kind {
  readonly reader: Reader;
  readonly extension: string;
  readonly content: (index: number) => string;
  readonly column: string;
  readonly expected: (index: number) => string;
}

const kinds: Readonly<Record<string, Kind>> = {
  "CSV whose other columns differ": {
    reader: delimited(rule),
    extension: ".csv",
    content: (index) => `note ${index},meter_id,value\nx,m${index},1\n`,
    column: "meter_id",
    expected: (index) => `m${index}`
  },
  "CSV that names its meter above the header": {
    reader: shapedReader(tabular(shapeRule(titled)), titled, "UTC"),
    extension: ".csv",
    content: (index) => `Customer;${index}\nMeter;m${index}\nStart;Value\n2022-01-01 00:00;1\n`,
    column: "meter_id",
    expected: (index) => `m${index}`
  },
  "lines of JSON whose other fields differ": {
    reader: tabular(rule),
    extension: ".jsonl",
    content: (index) => `{"meter_id":"m${index}","value":1,"note ${index}":2}\n`,
    column: "meter_id",
    expected: (index) => `m${index}`
  },
  "lines of JSON": {
    reader: jsonl,
    extension: ".jsonl",
    content: (index) => `{"meter":${index}}\n`,
    column: "line",
    expected: (index) => `{"meter":${index}}`
  },
  "documents of JSON": {
    reader: json,
    extension: ".json",
    content: (index) => `{"home":${index}}`,
    column: "document",
    expected: (index) => `{"home":${index}}`
  },
  "JSON of columns and rows": {
    reader: jsonSplit,
    extension: ".json",
    content: (index) => `{"columns":["meter"],"data":[["m${index}"]]}`,
    column: "meter",
    expected: (index) => `m${index}`
  },
  "ENTSO-E's prices": {
    reader: entsoe,
    extension: ".xml",
    content: prices,
    column: "price",
    expected: (index) => `${index}.5`
  },
  "Green Button": {
    reader: greenButton,
    extension: ".xml",
    content: (index) => `<feed><entry><link rel="self" href="/b/1"/><content>${block(index)}</content></entry></feed>`,
    column: "value",
    expected: (index) => `${index}`
  },
  NEM12: {
    reader: nem12("Australia/Sydney"),
    extension: ".csv",
    content: (index) =>
      `100,NEM12,202201010000,A,B\n200,m${index},E1,E1,E1,N1,S1,kwh,30,\n300,20221002,${half},A,,,20221003010203,\n900\n`,
    column: "meter_id",
    expected: (index) => `m${index}`
  }
};

async function foundIn(reader: Reader, files: readonly string[]) {
  const columns = await reader.columns(database, files, defaultLimits);
  const readable = files.map((file) => ({file, arrival: {} as Arrival, columns: columns.get(file) as FileColumns}));
  return alikeIn(readable).map((alike) =>
    reader.select(
      alike.map(({file}) => file),
      alike[0]!.columns
    )
  );
}

/** How many times a statement scans something. */
function scansIn(selects: readonly string[]): number {
  return selects.join().match(/\b(read_\w+\(|FROM texts_)/g)!.length;
}

async function textsIn(selects: readonly string[], column: string): Promise<unknown[]> {
  const rows = await database.rows<{file: string; text: unknown}>(
    selects
      .map((select) => `SELECT DISTINCT landing_file AS file, ${column} AS text FROM (${select})`)
      .join(" UNION ALL ")
  );
  const ofFile = new Map(rows.map(({file, text}) => [file, text]));
  return [...ofFile].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

const numbers = [...Array(12).keys()];

describe("many files are read as one, each with what is its own", () => {
  it.each(Object.keys(kinds))("%s", async (name) => {
    const {reader, extension, content, column, expected} = kinds[name]!;
    const nameOf = (index: number) => join(folder, `${name} ${String(index).padStart(2, "0")}${extension}`);
    for (const index of numbers) await writeFile(nameOf(index), content(index));
    const files = numbers.map(nameOf);
    const selects = await foundIn(reader, files);
    expect(scansIn(selects)).toBe(scansIn(await foundIn(reader, files.slice(0, 2))));
    expect(await textsIn(selects, column)).toEqual(numbers.map(expected));
  });

  it("Parquet", async () => {
    const files = numbers.map((index) => join(folder, `p${String(index).padStart(2, "0")}.parquet`));
    for (const [index, file] of files.entries())
      await database.run(`COPY (SELECT 'm${index}' AS meter) TO ${literal(file)} (FORMAT parquet)`);
    const selects = await foundIn(parquet, files);
    expect(scansIn(selects)).toBe(1);
    expect(await textsIn(selects, "meter")).toEqual(numbers.map((index) => `m${index}`));
  });

  it("databases of SQLite", async () => {
    const files = numbers.map((index) => join(folder, `s${String(index).padStart(2, "0")}.db`));
    for (const [index, file] of files.entries()) {
      const made = new sqlite.Database(file);
      made.exec(`CREATE TABLE t("number of file" TEXT); INSERT INTO t VALUES ('m${index}')`);
      made.close();
    }
    const selects = await foundIn(sqliteTable("t"), files);
    expect(scansIn(selects)).toBe(1);
    expect(await textsIn(selects, '"number of file"')).toEqual(numbers.map((index) => `m${index}`));
  });
});

it("a file that breaks off leaves nothing of it among those that are read with it", async () => {
  const files = ["a", "b", "c"].map((name) => join(folder, `${name}.xml`));
  await writeFile(files[0]!, prices(1));
  await writeFile(files[1]!, prices(2).slice(0, -40));
  await writeFile(files[2]!, prices(3));
  const columns = await entsoe.columns(database, files, defaultLimits);
  expect(columns.get(files[1]!)).toBeInstanceOf(Error);
  expect(
    await textsIn([entsoe.select([files[0]!, files[2]!], columns.get(files[0]!) as FileColumns)], "price")
  ).toEqual(["1.5", "3.5"]);
});
