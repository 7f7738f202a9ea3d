import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {json} from "../../pipelines/sources/formats/json.js";
import {jsonSplit} from "../../pipelines/sources/formats/json_split.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {openMeteo} from "../../pipelines/sources/formats/open_meteo.js";
import {columnsOf, type Reader} from "../../pipelines/sources/formats/reader.js";

let folder: string;
let duckdb: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-large-"));
  duckdb = await openDuckDB();
});
afterAll(async () => {
  duckdb.close();
  await rm(folder, {recursive: true});
});

/** More space than DuckDB reads as one value. */
const space = `${" ".repeat(16_777_216)}\n`;
let written = 0;

async function rowsOf(reader: Reader, text: string, isPacked = false) {
  const file = join(folder, `${++written}.json${isPacked ? ".gz" : ""}`);
  await writeFile(file, isPacked ? gzipSync(text) : text);
  try {
    const columns = await columnsOf(reader, duckdb, file, defaultLimits);
    return await duckdb.rows(
      `SELECT * EXCLUDE (landing_file) FROM (${reader.select([file], columns)}) ORDER BY landing_row`
    );
  } finally {
    await rm(file);
  }
}

const answer = (latitude: number, first: number, hours: number) => ({
  latitude,
  longitude: 25.25,
  utc_offset_seconds: 3600,
  hourly_units: {time: "iso8601", temperature_2m: "°C"},
  hourly: {
    time: Array.from({length: hours}, (_, hour) => `hour ${first + hour}`),
    temperature_2m: Array.from({length: hours}, (_, hour) => (hour % 3 === 0 ? null : hour / 10)),
    'odd, "name"': Array.from({length: hours}, (_, hour) => [hour, "a,\n]"])
  }
});

describe("a file of JSON too large for one value comes out like a small one:", () => {
  it.each<[string, Reader, string]>([
    ["an array of documents", json, '[{"a": [1, "\\"]}"]}PAD,\t{"b": "é\\n"}, 3, "x", null, []PAD ]'],
    ["documents one after the other", json, '{"a": 1}PAD{"b": {"c": "}"}}\n{}'],
    ["one document", json, '{"a": {"b": [1,PAD 2]}}'.replace("PAD", "")],
    [
      "columns and rows",
      jsonSplit,
      '{"index": [0, 1],PAD "columns": ["a", "b \\"c\\""], "data": [[1, "x"], [null, {"kWh": 1}], [1e-7, "0.10"],\n ["\\t,", true]]}'
    ],
    ["rows before columns", jsonSplit, '{"data": [["é", [1, 2]]],PAD "columns": ["a", "b"]}'],
    ["no rows", jsonSplit, '{"data": [ ],PAD "columns": ["a", "b"]}'],
    [
      "weather of points",
      openMeteo,
      JSON.stringify([answer(54.5, 0, 5000), answer(55, 9000, 4097)]).replace('"longitude"', 'PAD"longitude"')
    ],
    ["weather of a point", openMeteo, JSON.stringify(answer(54.5, 0, 3)).replace("[", "PAD[")]
  ])("%s", async (_, reader, text) => {
    const small = await rowsOf(reader, text.replaceAll("PAD", " "));
    expect(small).toEqual(await rowsOf(reader, text.replaceAll("PAD", space) + space));
    expect(small).toEqual(await rowsOf(reader, text.replaceAll("PAD", space) + space, true));
  });
});

describe("a large file of JSON is refused that", () => {
  it.each<[string, Reader, string, string]>([
    ["breaks off in a list", json, '[{"a": 1}PAD, {"a": 2}', "the JSON breaks off"],
    ["breaks off in a text", json, '[PAD{"a": "', "the JSON breaks off"],
    ["lacks a comma", json, '[{"a": 1}PAD {"a": 2}]', 'the JSON has {"a": 2}] where a comma should be'],
    ["has a comma too many", json, '[PAD{"a": 1},]', "the JSON has ] where a value should be"],
    ["goes on after its end", json, '[PAD{"a": 1}] []', "there is more after the JSON's end"],
    ["has a line break in a text", json, '[PAD"a\nb"]', "the JSON has a control character within a text"],
    ["has a value that is none", json, '[PAD{"a": 1}, {"a" 2}]', "value 2 is no JSON"],
    [
      "has a value longer than is read",
      json,
      `[1, "${"x".repeat(20_000_000)}"]`,
      "a value in it is too long: the limit is 16 MiB, and limits.elementMiB in the lake's sources.json raises it"
    ],
    [
      "is nested too deep",
      json,
      `[PAD${"[".repeat(300)}${"]".repeat(300)}]`,
      "a value in it is nested too deep: the limit is 200, and limits.depth"
    ],
    ["has no data", jsonSplit, '{"columns": ["a"]PAD}', "no 'data' in it"],
    ["has no columns", jsonSplit, '{"data": [[1]]PAD}', "no 'columns' in it"],
    [
      "has a row too short",
      jsonSplit,
      '{"columns": ["a", "b"],PAD "data": [[1, 2], [1]]}',
      "row 2 has not as many values"
    ],
    ["is a refusal", openMeteo, '{"error": true,PAD "reason": "too much"}', "the service refused: too much"],
    [
      "has an array too short",
      openMeteo,
      '{"hourly": {"time": [1, 2],PAD "a": [1]}}',
      "hourly.a has not as many values"
    ]
  ])("%s", async (_, reader, text, reason) => {
    await expect(rowsOf(reader, text.replaceAll("PAD", space))).rejects.toThrow(reason);
  });
});
