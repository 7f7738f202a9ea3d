import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openWorkspace, type Workspace} from "../../pipelines/engines/workspace.js";
import {writeParquet} from "../../pipelines/exports/parquet.js";

let file: string;
let folder: string;
let workspace: Workspace;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake it's-"));
  file = join(folder, "gold.odd.parquet");
  workspace = await openWorkspace(await openDuckDB({threads: 2}));
});
afterAll(async () => {
  await workspace.close();
  await rm(folder, {recursive: true, force: true});
});

describe("a Parquet file", () => {
  it.each([
    ["the sum of integers", "9007199254740993::HUGEINT", "DECIMAL(38,0)", "9007199254740993"],
    ["a list of them", "[9007199254740993::HUGEINT]", "DECIMAL(38,0)[]", "[9007199254740993]"],
    ["a struct of them", `{'a "b"': 1::HUGEINT}`, 'STRUCT("a ""b""" DECIMAL(38,0))', `{'a "b"': 1}`],
    ["a map to them", "MAP {'k': 1::HUGEINT}", "MAP(VARCHAR, DECIMAL(38,0))", "{k=1}"],
    ["a decimal", "876.000000::DECIMAL(18, 6)", "DECIMAL(18,6)", "876.000000"],
    [
      "an instant",
      "TIMESTAMPTZ '2022-10-30 01:00:00.000001+00'",
      "TIMESTAMP WITH TIME ZONE",
      "2022-10-30 01:00:00.000001+00"
    ],
    ["a date", "DATE '2022-03-27'", "DATE", "2022-03-27"],
    ["a list of integers", "[1, NULL]::BIGINT[]", "BIGINT[]", "[1, NULL]"],
    ["an empty text", "''", "VARCHAR", ""],
    ["a formula, which is text here", "'=1+1'", "VARCHAR", "=1+1"]
  ])("has %s with its exact type", async (_, sql, type, value) => {
    await workspace.define("gold.odd", `SELECT ${sql} AS "the ""value"""`);
    await writeParquet(workspace.connection, "gold.odd", file);
    expect(
      await workspace.connection.rows(
        `SELECT typeof(COLUMNS(*)) AS type, CAST(COLUMNS(*) AS VARCHAR) AS value FROM ${literal(file)}`
      )
    ).toEqual([{type, value}]);
  });

  it("is compressed with zstd", async () => {
    await workspace.define("gold.odd", "SELECT range AS n, 'a' AS name FROM range(1000)");
    await writeParquet(workspace.connection, "gold.odd", file);
    expect(
      await workspace.connection.rows(`SELECT DISTINCT compression FROM parquet_metadata(${literal(file)})`)
    ).toEqual([{compression: "ZSTD"}]);
  });
});
