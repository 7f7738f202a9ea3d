import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findDialect, type TableRule} from "../../pipelines/sources/formats/csv_dialect.js";
import {FileReading} from "../../pipelines/sources/formats/file_reading.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-dialect-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

const rule: TableRule = {required: ["meter", "value"], optional: ["note"]};
const utf16 = (text: string, isBig = false) => {
  const bytes = Buffer.from(text, "utf16le");
  return isBig ? bytes.swap16() : bytes;
};

async function dialectOf(content: string | Buffer, asked: TableRule = rule, name = "a.csv") {
  const file = join(folder, name);
  await writeFile(file, content);
  return findDialect(new FileReading(file, defaultLimits), asked);
}

describe("the dialect of delimited text is found by the columns that are wanted:", () => {
  it.each<[string, string | Buffer, object]>([
    ["comma", "meter,value\n1,2\n", {delimiter: ",", headerLine: 1, columns: ["meter", "value"]}],
    ["semicolon, though rows have more commas", "value;x,y,z;meter\n1,5;a,b,c;m\n", {delimiter: ";"}],
    ["tab", "meter\tvalue\r\n1\t2", {delimiter: "\t"}],
    ["bar", "meter|value", {delimiter: "|"}],
    ["Excel's own line", "sep=;\r\nmeter;value\r\n", {delimiter: ";", headerLine: 2, preamble: ["sep=;"]}],
    ["another delimiter, by Excel's own line", "sep=^\nmeter^value\n", {delimiter: "^", headerLine: 2}],
    [
      "quoted names with the delimiter in one of them",
      'meter,value,"remarks, if any"\n',
      {columns: ["meter", "value", "remarks, if any"], headerLine: 1}
    ],
    ["names in single quotes", "'meter','value'\n", {quote: "'", columns: ["meter", "value"]}],
    ["spaces around names", "meter, value , note\n", {columns: ["meter", "value", "note"]}],
    ["a delimiter at the end", "meter,value,\n1,2,\n", {columns: ["meter", "value"], unnamed: 1}],
    [
      "titles above",
      "Report of meter, value\r\n\r\nFrom:;2024-01-01\r\nmeter;value\r\n",
      {delimiter: ";", headerLine: 4, preamble: ["Report of meter, value", "", "From:;2024-01-01"]}
    ],
    ["a byte order mark", "\uFEFFmeter,value\n", {encoding: "utf-8", columns: ["meter", "value"], headerAt: 0}],
    ["UTF-16, little end first", utf16("\uFEFFmeter\tvalue\n1\t2"), {encoding: "utf-16le", delimiter: "\t"}],
    ["UTF-16, big end first", utf16("\uFEFFmeter;value\n", true), {encoding: "utf-16be", delimiter: ";"}],
    ["UTF-16 without a mark", utf16("meter;value\n1;2\n"), {encoding: "utf-16le", columns: ["meter", "value"]}],
    ["UTF-16 without a mark, big end", utf16("meter;value\n1;2\n", true), {encoding: "utf-16be"}],
    ["Windows-1252", Buffer.from("meter,value,K\xfcche\n", "latin1"), {encoding: "windows-1252"}],
    ["a header that lacks one", "when,meter\n1,2\n", {isComplete: false, columns: ["when", "meter"], headerLine: 1}],
    ["no header", "1;2;3\n4;5;6\n", {isComplete: false, delimiter: ";", headerLine: 1}]
  ])("%s", async (_, content, found) => {
    expect(await dialectOf(content)).toMatchObject({isComplete: true, ...found});
  });

  it("in a compressed file with a name in capitals", async () => {
    expect(await dialectOf(gzipSync("meter,value\n"), rule, "A.CSV.GZ")).toMatchObject({isComplete: true});
  });

  it("also where nothing is known of the columns, by the lines that are alike", async () => {
    const nothing: TableRule = {required: []};
    const content = "Export of 1,5 days\n\nat;kWh;note\n2024-01-01;1,5;a, b\n2024-01-02;2,5;c\n";
    expect(await dialectOf(content, nothing)).toMatchObject({delimiter: ";", headerLine: 3});
  });

  it("of a file without a header by the number of its fields", async () => {
    const names = {required: [], names: ["at", "value"]};
    expect(await dialectOf("2024-01-01;1\n2024-01-02;2\n", names)).toMatchObject({delimiter: ";", headerLine: 0});
    const stated = {...names, delimiter: ";"};
    expect(await dialectOf("2024-01-01;1,5\n2024-01-02;2,5\n", stated)).toMatchObject({delimiter: ";"});
  });

  it("not of a file with nothing in it", async () => {
    expect(await dialectOf("")).toBeUndefined();
    expect(await dialectOf("\r\n  \r\n")).toBeUndefined();
  });

  it("not of bytes that are no text", async () => {
    await expect(dialectOf(Buffer.from("meter,value\n\x81\x8d\xff", "latin1"))).rejects.toThrow(
      "the text is neither UTF-8 nor UTF-16 nor Windows-1252"
    );
  });
});
