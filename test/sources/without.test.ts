import {cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gunzipSync, gzipSync} from "node:zlib";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {delimited} from "../../pipelines/sources/formats/csv.js";
import {FileReading} from "../../pipelines/sources/formats/file_reading.js";
import {json} from "../../pipelines/sources/formats/json.js";
import {jsonSplit} from "../../pipelines/sources/formats/json_split.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {parquet} from "../../pipelines/sources/formats/parquet.js";
import type {Reader} from "../../pipelines/sources/formats/reader.js";
import {sqliteTable} from "../../pipelines/sources/formats/sqlite.js";
import {tabular} from "../../pipelines/sources/formats/tabular.js";

const csv = delimited({required: ["a"]});
const mixed = tabular({required: ["a"]});

let folder: string;
let database: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-without-"));
  database = await openDuckDB();
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

async function without(reader: Reader, name: string, content: string | Buffer, rows: readonly number[]) {
  const [file, draft] = [join(folder, name), join(folder, `draft-${name}`)];
  if (content.length > 0) await writeFile(file, content);
  await reader.without!(database, new FileReading(file, defaultLimits), draft, new Set(rows));
  return readFile(draft);
}

describe("a file without some of its rows", () => {
  it.each<[string, Reader, string, number[], string]>([
    ["lines.csv", csv, 'a,b\r\n1,2\r\n\r\n3,"x ""\ny"\r\n5,6', [2], "a,b\r\n1,2\r\n\r\n5,6"],
    ["last.csv", mixed, "\na;b\n1;2\n3;4", [2], "\na;b\n1;2\n"],
    ["quoted.csv", csv, 'a,"b\nc"\n"1\n2",3\n4,5\n', [1], 'a,"b\nc"\n4,5\n'],
    ["lines.jsonl", json, '\n{"a":1}\n\n{"a":"\u00e9"}\n{"a":3}', [2, 5], '\n\n{"a":"\u00e9"}\n'],
    ["lines.ndjson", mixed, '{"a":1}\r\n{"a":2}\r\n', [1], '{"a":2}\r\n'],
    ["array.json", json, ' [ {"a":[1,2]}, {"a":"],{"} ,{"a":"\\"]"} ]\n', [2], ' [ {"a":[1,2]}, {"a":"\\"]"} ]\n'],
    ["first.json", json, '[{"a":1}, {"a":2}]', [1], '[{"a":2}]'],
    ["ends.json", json, '[{"a":1}, {"a":2}, {"a":3}]', [2, 3], '[{"a":1}]'],
    ["many.json", json, '{"a":1} {"a":2}\n{"a":3}\n', [1, 3], '{"a":2}\n'],
    [
      "split.json",
      jsonSplit,
      '{"data": [["data",1],[null,2], ["x",3]], "columns": ["a","b"]}',
      [1, 3],
      '{"data": [[null,2]], "columns": ["a","b"]}'
    ]
  ])("%s keeps every other byte", async (name, reader, content, rows, left) => {
    expect((await without(reader, name, content, rows)).toString()).toBe(left);
    const packed = await without(reader, `${name}.gz`, gzipSync(content), rows);
    expect(gunzipSync(packed).toString()).toBe(left);
  });

  it("says so of a row that isn't in it", async () => {
    await expect(without(csv, "short.csv", "a\n1\n", [2])).rejects.toThrow("row 2 not found in it");
    await expect(without(json, "torn.json", '[{"a":1}, {"a', [1])).rejects.toThrow("the JSON breaks off");
  });

  it("keeps the schema and the order of Parquet", async () => {
    await database.run(
      `COPY (SELECT CAST(n AS UTINYINT) AS n, [n, NULL] AS list, CAST(n AS DECIMAL(9,3)) AS d, TIMESTAMPTZ '2022-03-27 01:00:00Z' AS at
             FROM (VALUES (3), (1), (2)) AS t(n)) TO ${literal(join(folder, "rows.parquet"))} (FORMAT parquet)`
    );
    await without(parquet, "rows.parquet", "", [2]);
    const rows = (name: string) =>
      database.rows(`SELECT *, typeof(columns(*)) FROM read_parquet(${literal(join(folder, name))})`);
    const [first, , third] = await rows("rows.parquet");
    expect(await rows("draft-rows.parquet")).toEqual([first, third]);
  });

  it("leaves nothing of a row in a SQLite file, and the other tables as they were", async () => {
    const file = join(folder, "supply.db");
    await cp("lake/landing/smart-meter/supply-2021-02-20.db", file);
    const read = (path: string, table: string) => {
      const opened = new sqlite.Database(path, {readOnly: true});
      try {
        return opened.all(`SELECT rowid, * FROM ${table} ORDER BY rowid`);
      } finally {
        opened.close();
      }
    };
    const before = read(file, "meterpoint");
    const left = await without(sqliteTable("meterpoint"), "supply.db", "", [2]);
    const draft = join(folder, "draft-supply.db");
    expect(read(draft, "meterpoint").map(({meterpoint_id}) => meterpoint_id)).toEqual(
      before.filter((_, index) => index !== 1).map(({meterpoint_id}) => meterpoint_id)
    );
    for (const table of ["agreement", "product"]) expect(read(draft, table)).toEqual(read(file, table));
    const agreements = read(file, "agreement").filter((row) => row.meterpoint_id === before[1]!.meterpoint_id);
    const hits = left.toString("latin1").split(String(before[1]!.meterpoint_id)).length - 1;
    expect(hits).toBe(agreements.length);
  });
});
