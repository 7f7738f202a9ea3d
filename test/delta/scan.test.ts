import {mkdir, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {createTable} from "../../pipelines/delta/commit.js";
import {scan} from "../../pipelines/delta/scan.js";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {rowsOfFiles, stageRows} from "../../pipelines/delta/stage.js";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const temporary = await mkdtemp(join(tmpdir(), "wattlake-scan-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

let count = 0;

/** A table partitioned by p, as another writer may leave it: files of given rows under given names. */
async function tableOf(type: string, files: readonly {path: string; value: string | null; rows: string}[]) {
  const root = join(temporary, `table ${count++}`);
  const columns = [
    {name: "p", type},
    {name: "a", type: "INTEGER"},
    {name: "b", type: "DECIMAL(18,6)"}
  ];
  const adds = [];
  for (const {path, value, rows} of files) {
    await mkdir(join(root, decodeURIComponent(path), ".."), {recursive: true});
    const to = literal(join(root, decodeURIComponent(path)));
    await duckdb.run(`COPY (${rows}) TO ${to} (FORMAT parquet)`);
    adds.push({path, partitionValues: {p: value}, size: 1, modificationTime: 0, dataChange: true});
  }
  const input = {adds, removes: [], info: {}, operation: "WRITE"};
  await createTable(root, {columns, partitionColumns: ["p"], description: ""}, input);
  return (await readSnapshot(duckdb, root))!;
}

async function rowsOf(sql: string) {
  const reader = await duckdb.native.runAndReadAll(`SELECT * FROM ${sql} ORDER BY ALL`);
  return {types: reader.columnTypes().map(String), rows: reader.getRowsJson()};
}

describe("scan", () => {
  it("believes the log, not the path, about a partition", async () => {
    const snapshot = await tableOf("VARCHAR", [
      {path: "p=2021/x.parquet", value: "2022", rows: "SELECT 1 AS a, 2 AS b"}
    ]);
    expect((await rowsOf(scan(snapshot))).rows).toEqual([["2022", 1, "2.000000"]]);
  });

  it.each([
    ["VARCHAR", "it's", "it's"],
    ["VARCHAR", null, null],
    ["VARCHAR", "", null],
    ["DATE", "2022-03-27", "2022-03-27"],
    ["DATE", "", null],
    ["INTEGER", "-7", -7],
    ["BOOLEAN", "true", true],
    ["DECIMAL(18,6)", "0.100000", "0.100000"],
    ["TIMESTAMP WITH TIME ZONE", "2022-03-27 01:00:00", "2022-03-27 01:00:00+00"],
    ["TIMESTAMP WITH TIME ZONE", "2022-03-27T01:00:00.000000Z", "2022-03-27 01:00:00+00"],
    ["BLOB", "a\u0001é", "a\\x01\\xC3\\xA9"]
  ])("reads a partition value of %s %j", async (type, value, read) => {
    const snapshot = await tableOf(type, [{path: "x.parquet", value, rows: "SELECT 1 AS a, 2 AS b"}]);
    const {types, rows} = await rowsOf(scan(snapshot));
    expect(types).toEqual([type, "INTEGER", "DECIMAL(18,6)"]);
    expect(rows).toEqual([[read, 1, "2.000000"]]);
  });

  it("gives the table's columns in their order and types, whatever a file has", async () => {
    const snapshot = await tableOf("VARCHAR", [
      {path: "1.parquet", value: "x", rows: "SELECT 1::BIGINT AS b, 'extra' AS z, 1::TINYINT AS a"},
      {path: "2.parquet", value: "x", rows: "SELECT 2 AS a"},
      {path: "3.parquet", value: "y", rows: "SELECT 0.5 AS b, 'not it' AS p"}
    ]);
    const {types, rows} = await rowsOf(scan(snapshot));
    expect(types).toEqual(["VARCHAR", "INTEGER", "DECIMAL(18,6)"]);
    expect(rows).toEqual([
      ["x", 1, "1.000000"],
      ["x", 2, null],
      ["y", null, "0.500000"]
    ]);
  });

  it("reads files of any name", async () => {
    const names = ["it's", "a b", "100%", "50%25", "#1?", "żółć", "[x]*", "=&+", "a;b"];
    const snapshot = await tableOf(
      "VARCHAR",
      names.map((name) => ({
        path: `${encodeURIComponent(name)}/${encodeURIComponent(name)}.parquet`,
        value: name,
        rows: "SELECT 1 AS a, 2 AS b"
      }))
    );
    const {rows} = await rowsOf(scan(snapshot));
    expect(rows.map(([p]) => p).sort()).toEqual([...names].sort());
  });

  it("takes from the log a column that is one value throughout, and reads one that is not", async () => {
    const columns = [
      {name: "one", type: "VARCHAR"},
      {name: "empty", type: "VARCHAR"},
      {name: "none", type: "INTEGER"},
      {name: "tenth", type: "DECIMAL(18,6)"},
      {name: "day", type: "DATE"},
      {name: "by file", type: "VARCHAR"},
      {name: "some", type: "BIGINT"},
      {name: "long", type: "VARCHAR"}
    ];
    const root = join(temporary, `table ${count++}`);
    const stage = (file: string) =>
      stageRows(
        duckdb,
        `SELECT 'it''s' AS one, '' AS empty, NULL::INTEGER AS none, 0.1::DECIMAL(18, 6) AS tenth, DATE '2022-03-27' AS day,
           '${file}' AS "by file", nullif(i, 1) AS some, repeat('x', 40) AS long
         FROM range(2) AS t(i)`,
        {root, columns, partitionColumns: []}
      );
    const read = async (files: readonly string[]) => {
      const staged = (await Promise.all(files.map(stage))).flat();
      const sql = rowsOfFiles(columns, [], staged);
      const taken = columns.filter(({name}) => !new RegExp(`(?<!AS )"${name}"`).test(sql)).map(({name}) => name);
      return {taken, rows: (await rowsOf(`(${sql})`)).rows};
    };
    const row = (file: string, some: string | null) => {
      return ["it's", "", null, "0.100000", "2022-03-27", file, some, "x".repeat(40)];
    };
    expect(await read(["a"])).toEqual({
      taken: ["one", "empty", "none", "tenth", "day", "by file"],
      rows: [row("a", "0"), row("a", null)]
    });
    expect(await read(["a", "b"])).toEqual({
      taken: ["one", "empty", "none", "tenth", "day"],
      rows: [row("a", "0"), row("a", null), row("b", "0"), row("b", null)]
    });
  });

  it("gives a table without files no rows, and its columns", async () => {
    const {types, rows} = await rowsOf(scan(await tableOf("DATE", [])));
    expect(types).toEqual(["DATE", "INTEGER", "DECIMAL(18,6)"]);
    expect(rows).toEqual([]);
  });

  it.each(["s3://bucket/x.parquet", "100%.parquet"])("names a file that it can't find the way to: %s", async (path) => {
    const root = join(temporary, `table ${count++}`);
    const add = {path, partitionValues: {}, size: 1, modificationTime: 0, dataChange: true};
    const definition = {columns: [{name: "a", type: "DATE"}], partitionColumns: [], description: ""};
    await createTable(root, definition, {adds: [add], removes: [], info: {}, operation: "WRITE"});
    await expect(readSnapshot(duckdb, root)).rejects.toThrow(`data file not readable: ${path} of ${root}`);
  });
});
