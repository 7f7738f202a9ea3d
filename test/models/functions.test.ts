import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {installMacros, readMacros} from "../../pipelines/models/functions.js";
import {folderOf} from "./folder.js";

const read = async (text: string) => readMacros(await folderOf({"functions/duckdb.sql": text}));

describe("macros", () => {
  it("are read by statement, whatever their texts hold, and work", async () => {
    const macros = await read(
      `-- Two; functions.
CREATE OR REPLACE MACRO joined(a, b := 'x  y') AS a || '; -- ' || b; /* ; */
CREATE MACRO twice(a) AS 1;`
    );
    expect(macros.map(({name, line}) => [name, line])).toEqual([
      ["joined", 2],
      ["twice", 3]
    ]);
    const duckdb = await openDuckDB({threads: 1});
    await installMacros(duckdb, macros);
    const other = await duckdb.fork();
    expect(await other.rows("SELECT joined('a') AS text, twice(2) AS n")).toEqual([{text: "a; -- x  y", n: 1}]);
  });

  it("are none without the file", async () => {
    expect(await readMacros(await folderOf({}))).toEqual([]);
  });

  it.each([
    ["another statement", "-- A.\nCREATE TABLE a (b INTEGER)", /duckdb\.sql:2: not a macro: /],
    [
      "a macro that reads a table",
      "CREATE MACRO a() AS (SELECT max(b) FROM silver.c)",
      /duckdb\.sql:1: macro a reads silver\.c/
    ]
  ])("can't be %s", async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it("name file and line where DuckDB refuses", async () => {
    const duckdb = await openDuckDB({threads: 1});
    await expect(installMacros(duckdb, await read("\nCREATE MACRO a(b) AS b +"))).rejects.toThrow(
      /duckdb\.sql:2: macro a fails: SQL not understood/
    );
  });

  it("of the project install", async () => {
    const duckdb = await openDuckDB({threads: 1});
    const macros = await readMacros("sql");
    await installMacros(duckdb, macros);
    expect(macros.length).toBeGreaterThan(10);
  });
});
