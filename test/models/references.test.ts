import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {parse} from "../../pipelines/models/parse.js";
import {referencesOf} from "../../pipelines/models/references.js";

const duckdb = await openDuckDB({threads: 1});
const references = async (sql: string) => referencesOf(await parse(duckdb, sql));

describe("referencesOf", () => {
  it.each([
    [
      "a join using",
      "FROM silver.reading JOIN gold.energy_day USING (meter_id)",
      ["gold.energy_day", "silver.reading"]
    ],
    ["a natural join", "FROM a NATURAL JOIN b", ["a", "b"]],
    ["an asof join", "FROM a ASOF JOIN b ON a.t >= b.t", ["a", "b"]],
    ["a subquery in a filter", "FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id)", ["a", "b"]],
    ["a scalar subquery", "SELECT (SELECT max(y) FROM b) FROM a", ["a", "b"]],
    ["a lateral join", "FROM a, LATERAL (SELECT * FROM b WHERE b.id = a.id)", ["a", "b"]],
    ["a union", "FROM a UNION ALL BY NAME FROM b", ["a", "b"]],
    ["a pivot", "FROM a PIVOT (sum(v) FOR k IN ('c', 'd'))", ["a"]],
    ["a common table expression", "WITH x AS (FROM a) SELECT * FROM x", ["a"]],
    ["one that uses the one before it", "WITH x AS (FROM a), y AS (FROM x JOIN b ON true) FROM y", ["a", "b"]],
    ["one that hides a table of its own name", "WITH a AS (SELECT * FROM a) SELECT * FROM a", ["a"]],
    ["one that hides nothing of a schema", "WITH reading AS (FROM silver.reading) FROM reading", ["silver.reading"]],
    ["one in other letters", "WITH READING AS (SELECT 1 AS id) FROM reading", []],
    ["one of a subquery alone", "SELECT * FROM (WITH b AS (SELECT 1 AS id) FROM b) q JOIN b ON q.id = b.id", ["b"]],
    ["a recursive one", "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) FROM t, b", ["b"]],
    [
      "what a recursive one begins with",
      "WITH RECURSIVE t AS (SELECT n FROM t UNION ALL SELECT n + 1 FROM t) FROM t",
      ["t"]
    ],
    ["no table", "SELECT 1", []]
  ])("finds the tables of %s", async (_, sql, expected) => {
    expect((await references(sql)).tables).toEqual(expected);
  });

  it("finds table functions", async () => {
    expect((await references("FROM read_csv('a.csv'), range(3), silver.reading")).functions).toEqual([
      "range",
      "read_csv"
    ]);
  });

  it("tells the line that names a table first, after letters of several bytes too", async () => {
    const {lines} = await references("SELECT 'žąsis' -- žąsys\nFROM a\nJOIN b USING (id)\nJOIN a AS c USING (id)");
    expect(Object.fromEntries(lines)).toEqual({a: 2, b: 3});
  });
});
