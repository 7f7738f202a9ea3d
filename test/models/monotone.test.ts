import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {isMonotone} from "../../pipelines/models/monotone.js";
import {parse} from "../../pipelines/models/parse.js";

const duckdb = await openDuckDB({threads: 1});
await duckdb.run("CREATE MACRO doubled(x) AS x * 2");
await duckdb.run("CREATE MACRO total(x) AS sum(x)");
const monotone = async (sql: string) => isMonotone(await parse(duckdb, sql), "silver.t", "d");

describe("isMonotone", () => {
  it.each([
    ["a filter", "SELECT d FROM silver.t WHERE x > 1"],
    ["a projection", "SELECT doubled(x) AS d, upper(y) AS y FROM silver.t ORDER BY d"],
    ["the names in other letters", "SELECT d FROM Silver.T"],
    ["an inner join", "SELECT t.d FROM silver.t JOIN u ON t.x = u.x"],
    ["a cross join", "SELECT d FROM u, silver.t"],
    ["the kept side of a left join", "SELECT d FROM silver.t LEFT JOIN u USING (x)"],
    ["the kept side of a right join", "SELECT d FROM u RIGHT JOIN silver.t USING (x)"],
    ["DISTINCT", "SELECT DISTINCT d FROM silver.t"],
    ["both branches of a union", "SELECT d FROM silver.t UNION ALL SELECT x AS d FROM silver.t UNION SELECT d FROM u"],
    ["common table expressions", "WITH a AS (SELECT * FROM silver.t), b AS (SELECT d FROM a WHERE x = 1) FROM b"],
    ["groups that the increment is a key of", "SELECT d, sum(x) AS x FROM silver.t GROUP BY d"],
    ["groups of what the increment is made of", "SELECT doubled(e) AS d, max(x) FROM silver.t GROUP BY e"],
    ["groups by a position", "SELECT x AS d, count(*) FROM silver.t GROUP BY 1"],
    ["groups in each file of a folder", "(SELECT d, sum(x) FROM silver.t GROUP BY d) UNION ALL (SELECT e, 1 FROM u)"],
    ["an array laid out in rows", "SELECT d, unnest(l) AS x FROM silver.t"],
    ["aggregates of other tables", "SELECT d FROM silver.t JOIN (SELECT x, max(y) AS y FROM u GROUP BY x) v USING (x)"],
    [
      "windows over other tables",
      "WITH v AS (SELECT x, lag(y) OVER (ORDER BY x) AS y FROM u) SELECT d FROM silver.t JOIN v USING (x)"
    ],
    ["a subquery that doesn't read it", "SELECT d FROM silver.t WHERE x IN (SELECT x FROM u)"],
    ["a table that isn't read", "SELECT max(d) AS d FROM u"]
  ])("is sure of %s", async (_, sql) => {
    expect(await monotone(sql)).toBe(true);
  });

  it.each([
    ["a window", "SELECT d, row_number() OVER (PARTITION BY d) AS n FROM silver.t"],
    ["HAVING", "SELECT d, sum(x) FROM silver.t GROUP BY d HAVING sum(x) > 1"],
    ["an aggregate further in", "SELECT d FROM (SELECT d, sum(x) AS x FROM silver.t GROUP BY d) q WHERE x > 1"],
    ["an aggregate in a common table expression", "WITH g AS (SELECT max(d) AS d FROM silver.t) SELECT d FROM g"],
    ["an aggregate that makes the increment", "SELECT x, max(d) AS d FROM silver.t GROUP BY x"],
    ["one that makes it by another name", "SELECT max(e) AS m, m AS d FROM silver.t GROUP BY x"],
    ["one in a macro", "SELECT x, total(y) AS d FROM silver.t GROUP BY x"],
    ["one of a function nobody knows", "SELECT no_such(x) AS d FROM silver.t"],
    [
      "one of the second file of a folder",
      "(SELECT d, sum(x) FROM silver.t GROUP BY d) UNION ALL (SELECT max(e), x FROM silver.t GROUP BY x)"
    ],
    ["groups without the increment", "SELECT x, count(*) FROM silver.t GROUP BY x"],
    ["the other side of a left join", "SELECT u.d FROM u LEFT JOIN silver.t USING (x)"],
    ["a full join", "SELECT d FROM silver.t FULL JOIN u USING (x)"],
    ["a join with itself", "SELECT a.d FROM silver.t a JOIN silver.t b ON a.x = b.x"],
    ["one through a common table expression", "WITH c AS (FROM silver.t) SELECT t.d FROM silver.t JOIN c USING (x)"],
    ["an anti join", "SELECT d FROM u ANTI JOIN silver.t USING (x)"],
    ["an asof join", "SELECT t.d FROM silver.t ASOF JOIN u ON t.x >= u.x"],
    ["EXCEPT", "SELECT d FROM u EXCEPT SELECT d FROM silver.t"],
    ["INTERSECT", "SELECT d FROM silver.t INTERSECT SELECT d FROM u"],
    ["IN", "SELECT d FROM u WHERE x IN (SELECT x FROM silver.t)"],
    ["EXISTS", "SELECT d FROM u WHERE NOT EXISTS (SELECT 1 FROM silver.t WHERE t.x = u.x)"],
    ["a scalar subquery", "SELECT (SELECT max(d) FROM silver.t) AS d"],
    [
      "a subquery that reads a common table expression of it",
      "WITH c AS (FROM silver.t) SELECT d FROM u WHERE x IN (SELECT x FROM c)"
    ],
    ["LIMIT", "SELECT d FROM silver.t ORDER BY x LIMIT 1"],
    ["a LIMIT of a union", "SELECT d FROM u UNION ALL SELECT d FROM silver.t LIMIT 1"],
    ["DISTINCT ON", "SELECT DISTINCT ON (x) d FROM silver.t"],
    ["QUALIFY", "SELECT d FROM silver.t QUALIFY rank() OVER (ORDER BY x) = 1"],
    ["a sample", "SELECT d FROM silver.t USING SAMPLE 10"],
    ["chance", "SELECT d FROM silver.t WHERE random() < 0.5"],
    ["recursion", "WITH RECURSIVE r AS (SELECT d FROM silver.t UNION ALL SELECT d + 1 FROM r WHERE d < 3) FROM r"],
    ["a pivot", "SELECT d FROM silver.t PIVOT (max(x) FOR y IN (1, 2))"],
    ["a table known only by a text", "SELECT d FROM query_table('silver.t')"]
  ])("isn't sure of %s", async (_, sql) => {
    expect(await monotone(sql)).toBe(false);
  });

  it("says so only where the changed rows do give every increment that changes", async () => {
    await duckdb.run("CREATE SCHEMA silver; CREATE TABLE u (d INTEGER, x INTEGER)");
    let sure = 0;
    await fc.assert(
      fc.asyncProperty(query, rows, rows, rows, async (sql, before, after, other) => {
        if (!(await monotone(sql))) return;
        sure++;
        const given = async (relation: string) => {
          await duckdb.run(`CREATE OR REPLACE VIEW silver.t AS ${relation}`);
          await duckdb.run(`CREATE OR REPLACE TABLE result AS SELECT d, x FROM (${sql})`);
        };
        await duckdb.run(`CREATE OR REPLACE TABLE u AS ${values(other)}`);
        await given(values(before));
        await duckdb.run("CREATE OR REPLACE TABLE result_before AS FROM result");
        await given(values(after));
        await duckdb.run("CREATE OR REPLACE TABLE result_after AS FROM result");
        await given(difference(values(before), values(after)));
        const missed = await duckdb.rows(
          `SELECT d FROM (${difference("FROM result_before", "FROM result_after")}) EXCEPT SELECT d FROM result`
        );
        expect(missed).toEqual([]);
      }),
      {numRuns: 600}
    );
    expect(sure).toBeGreaterThan(80);
  });
});

const rows = fc.array(fc.tuple(fc.integer({min: 0, max: 3}), fc.integer({min: 0, max: 3})), {maxLength: 6});

function values(list: readonly (readonly [number, number])[]): string {
  const tuples = list.map(([d, x]) => `(${d}, ${x})`).join(", ") || "(0, 0)";
  return `SELECT * FROM (VALUES ${tuples}) AS v(d, x)${list.length === 0 ? " WHERE false" : ""}`;
}

function difference(one: string, other: string): string {
  return `((${one}) EXCEPT ALL (${other})) UNION ALL ((${other}) EXCEPT ALL (${one}))`;
}

/** Queries of two columns, d and x, over silver.t and u. */
const {query} = fc.letrec<{query: string}>((again) => {
  const q = again("query");
  const from = (form: (inner: string) => string) => q.map(form);
  const ofTwo = (form: (a: string, b: string) => string) => fc.tuple(q, q).map(([a, b]) => form(a, b));
  const join = (kind: string) =>
    ofTwo((a, b) => `SELECT coalesce(a.d, b.d) AS d, b.x FROM (${a}) a ${kind} JOIN (${b}) b ON a.x = b.x`);
  return {
    query: fc.oneof(
      {maxDepth: 3, depthIdentifier: "query"},
      fc.constantFrom("SELECT d, x FROM silver.t", "SELECT d, x FROM silver.t", "SELECT d, x FROM u"),
      from((a) => `SELECT d, x FROM (${a}) WHERE x > 1`),
      from((a) => `SELECT x AS d, d AS x FROM (${a})`),
      from((a) => `SELECT DISTINCT d, x FROM (${a})`),
      from((a) => `SELECT d, CAST(sum(x) AS INTEGER) AS x FROM (${a}) GROUP BY d`),
      from((a) => `SELECT max(d) AS d, x FROM (${a}) GROUP BY x`),
      from((a) => `SELECT d % 2 AS d, CAST(count(*) AS INTEGER) AS x FROM (${a}) GROUP BY ALL`),
      from((a) => `SELECT d, CAST(row_number() OVER (ORDER BY d, x) AS INTEGER) AS x FROM (${a})`),
      from((a) => `SELECT d, x FROM (${a}) ORDER BY d, x LIMIT 2`),
      from((a) => `WITH c AS (${a}) SELECT a.d, b.x FROM c a JOIN c b ON a.d = b.x`),
      ofTwo((a, b) => `SELECT d, x FROM (${a}) WHERE x IN (SELECT x FROM (${b}))`),
      ...["UNION ALL", "UNION", "EXCEPT", "INTERSECT"].map((set) => ofTwo((a, b) => `(${a}) ${set} (${b})`)),
      ...["INNER", "LEFT", "RIGHT", "FULL"].map(join)
    )
  };
});
