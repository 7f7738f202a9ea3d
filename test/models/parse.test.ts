import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {parse} from "../../pipelines/models/parse.js";

const duckdb = await openDuckDB({threads: 1});
await duckdb.run("CREATE MACRO doubled(x) AS x * 2");
await duckdb.run("CREATE MACRO quadrupled(x) AS doubled(doubled(x))");
await duckdb.run("CREATE MACRO total(x) AS coalesce(sum(x), 0)");
await duckdb.run("CREATE MACRO shaken(x) AS x + random()");
await duckdb.run("CREATE MACRO counted(x) AS (SELECT count(*) FROM range(x))");

describe("parse", () => {
  it.each([
    ["a typing error", "SELECT 1\nFROM a\nWHRE b", /^SQL not understood near b on line 3$/],
    ["one after letters of several bytes", "SELECT 'ėė😀'\nFROM WHERE", /on line 2$/],
    ["two statements", "SELECT 1; SELECT 2", /^not one select: found 2 statements$/],
    ["none", "-- only a comment", /^not one select: found 0 statements$/],
    ["a DELETE", "DELETE FROM a", /^not one select: found another statement/],
    ["a PIVOT whose columns only the data knows", "PIVOT a ON b USING sum(c)", /^not one select: .*PIVOT/]
  ])("refuses %s", async (_, sql, message) => {
    await expect(parse(duckdb, sql)).rejects.toThrow(message);
  });

  it.each([
    ["comments and layout", "SELECT a,b FROM t", "-- hi\nSELECT a, /* b */ b\nFROM t;", true],
    ["FROM first", "SELECT * FROM t", "FROM t", true],
    ["a constant", "SELECT 1", "SELECT 2", false],
    ["a number beyond 2^53", "SELECT 9007199254740993", "SELECT 9007199254740992", false],
    ["an alias", "SELECT a AS b", "SELECT a AS c", false],
    ["text that looks like a position", `SELECT '"query_location":1'`, `SELECT '"query_location":2'`, false]
  ])("tells trees apart by what they mean: %s", async (_, one, other, same) => {
    expect((await parse(duckdb, one)).canonical === (await parse(duckdb, other)).canonical).toBe(same);
  });

  it.each([
    ["operators and functions of a row", "SELECT upper(a) || b, c + 1", ["+", "upper", "||"]],
    ["aggregates", "SELECT abs(sum(a))", ["abs"]],
    ["what changes by itself", "SELECT random(), now(), abs(1)", ["abs"]],
    ["macros by their bodies", "SELECT quadrupled(a), total(a), shaken(a), counted(a)", ["quadrupled"]],
    ["what isn't there", "SELECT no_such_function(a)", []],
    ["unnest", "SELECT UNNEST(a)", ["unnest"]]
  ])("knows the functions that look at one row: %s", async (_, sql, expected) => {
    expect([...(await parse(duckdb, sql)).rowwise].sort()).toEqual(expected);
  });

  it("sees a macro made after it was first asked", async () => {
    expect([...(await parse(duckdb, "SELECT tripled(1)")).rowwise]).toEqual([]);
    await duckdb.run("CREATE MACRO tripled(x) AS x * 3");
    expect([...(await parse(duckdb, "SELECT tripled(1)")).rowwise]).toEqual(["tripled"]);
  });
});
