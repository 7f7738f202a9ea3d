import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {lint} from "../../pipelines/models/lint.js";
import {parse} from "../../pipelines/models/parse.js";

const duckdb = await openDuckDB({threads: 1});
const messages = async (sql: string, portable = true, macros = new Set<string>()) =>
  lint(await parse(duckdb, sql), {portable, macros}).map(({message}) => message.replace("not portable: ", ""));

describe("lint", () => {
  it.each([
    ["SELECT a / b FROM t", "/; its type differs by engine: use a function of sql/functions"],
    ["SELECT a // b FROM t", "//; Spark has none: use a function of sql/functions"],
    ["SELECT a ^ b FROM t", "^"],
    ["SELECT a ILIKE b FROM t", "~~*"],
    ["SELECT avg(a) FROM t", "avg(); a mean is a sum by a count, rounded once: use a function of sql/functions"],
    ["SELECT concat(a, b) FROM t", "concat(); one engine leaves NULLs out: write a || b"],
    ["SELECT strftime(a, '%Y') FROM t", "strftime()"],
    ["SELECT a AT TIME ZONE 'UTC' FROM t", "timezone()"],
    ["SELECT regexp_extract(a, 'b') FROM t", "regexp_extract(); name the group, whose default differs by engine"],
    ["SELECT unnest(a) FROM t", "unnest(); join to a table of positions"],
    ["SELECT [1, 2]", "list_value()"],
    ["SELECT {'a': 1}", "struct_pack()"],
    ["SELECT a[1] FROM t", "x[i]; use try_element_at(x, i)"],
    ["SELECT a[1:2] FROM t", "x[i:j]"],
    ["SELECT (a).b FROM t", "(x).field; write x.field"],
    ["SELECT max(a ORDER BY b) FROM t", "ORDER BY inside an aggregate"],
    ["SELECT max(a ORDER BY b) OVER () FROM t", "ORDER BY inside an aggregate"],
    ["SELECT quantile_disc(a, 0.5) FROM t", "quantile_disc(); write percentile_disc(…) WITHIN GROUP (ORDER BY …)"],
    ["SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t", "quantile_cont()"],
    ["SELECT * EXCLUDE (a) FROM t", "* EXCLUDE, REPLACE or RENAME"],
    ["SELECT * REPLACE (1 AS a) FROM t", "* EXCLUDE, REPLACE or RENAME"],
    ["SELECT * RENAME (a AS b) FROM t", "* EXCLUDE, REPLACE or RENAME"],
    ["SELECT COLUMNS('a.*') FROM t", "COLUMNS"],
    ["SELECT a, row_number() OVER (ORDER BY a) AS n FROM t QUALIFY n = 1", "QUALIFY"],
    ["SELECT a, sum(b) FROM t GROUP BY ALL", "GROUP BY ALL"],
    ["SELECT a FROM t ORDER BY ALL", "ORDER BY ALL"],
    ["SELECT DISTINCT ON (a) a, b FROM t", "DISTINCT ON"],
    ["SELECT a FROM t ASOF JOIN u ON t.a >= u.a", "ASOF JOIN"],
    ["SELECT 1 FROM t POSITIONAL JOIN u", "POSITIONAL JOIN"],
    ["FROM t UNION ALL BY NAME FROM u", "UNION BY NAME"],
    ["PIVOT t ON k IN ('a') USING sum(v)", "PIVOT or UNPIVOT"],
    ["UNPIVOT t ON a, b INTO NAME k VALUE v", "PIVOT or UNPIVOT"],
    ["SELECT a FROM read_csv('a.csv')", "table function read_csv()"],
    ["SELECT a FROM t USING SAMPLE 10", "SAMPLE"],
    ["SELECT a FROM t TABLESAMPLE 10%", "SAMPLE"],
    ["SELECT a FROM t AT (VERSION => 1)", "AT (VERSION or TIMESTAMP)"],
    ["SELECT a FROM t LIMIT 10%", "LIMIT %"],
    ["SELECT #1 FROM t", "#1"],
    ["SELECT TRY(a) FROM t", "TRY"],
    ["SELECT a COLLATE nocase FROM t", "COLLATE"],
    ["SUMMARIZE t", "DESCRIBE, SHOW or SUMMARIZE"],
    ["SELECT CAST(a AS HUGEINT) FROM t", "type HUGEINT"],
    ["SELECT CAST(a AS TIMESTAMPTZ) FROM t", "type TIMESTAMP WITH TIME ZONE"],
    ["SELECT CAST(a AS BIGINT[]) FROM t", "type LIST"],
    ["SELECT CAST(a AS VARCHAR) FROM t", "type VARCHAR; write STRING"],
    ["SELECT 'VARCHAR', a::text FROM t -- VARCHAR", "type TEXT; write STRING"]
  ])("finds in %s: %s", async (sql, expected) => {
    expect(await messages(sql)).toEqual([expected]);
  });

  it("finds a lambda, and the function that takes it", async () => {
    expect(await messages("SELECT transform(l, lambda x: x + 1) FROM t", true, new Set(["transform"]))).toEqual([
      "lambda"
    ]);
  });

  it.each([
    [
      "a median as the standard says it",
      "SELECT CAST(percentile_disc(0.5) WITHIN GROUP (ORDER BY a) AS DECIMAL(18, 6)) FROM t"
    ],
    ["windows", "SELECT row_number() OVER w, lag(a) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c)"],
    [
      "conditions",
      "SELECT CASE WHEN a IN (1, 2) THEN coalesce(b, c) END FROM t WHERE d BETWEEN DATE '2022-01-01' AND e"
    ],
    ["sets", "WITH x AS (SELECT DISTINCT a FROM t) SELECT a FROM x UNION ALL SELECT a FROM u EXCEPT SELECT a FROM v"],
    ["joins", "SELECT t.* FROM t LEFT JOIN u USING (a) CROSS JOIN parameter"],
    ["FROM first, which the tree doesn't tell", "FROM t SELECT a"],
    ["a filtered sum", "SELECT sum(a) FILTER (WHERE b IS NOT NULL) FROM t GROUP BY GROUPING SETS ((c), ())"],
    ["the group of an expression", "SELECT regexp_extract(a, '([0-9]+)', 1) FROM t"]
  ])("leaves %s alone", async (_, sql) => {
    expect(await messages(sql)).toEqual([]);
  });

  it("takes the macros it is given", async () => {
    expect(await messages("SELECT Ratio(a, b), other(c) FROM t", true, new Set(["ratio"]))).toEqual(["other()"]);
  });

  it.each([
    ["query_table('t')", "query_table(): name the table itself"],
    ["query('FROM t')", "query(): name the table itself"]
  ])("finds %s even where nothing need be portable", async (relation, expected) => {
    expect(await messages(`SELECT a[1] FROM ${relation}`, false)).toEqual([expected]);
  });

  it("finds a parameter mark even where nothing need be portable", async () => {
    expect(await messages("SELECT a FROM t WHERE b = $since", false)).toHaveLength(1);
  });

  it("tells the line, of nodes without a place too, once for each", async () => {
    const sql = "SELECT\n  'ė' AS a, -- ė\n  avg(b) + avg(c),\n  d[1]\nFROM t\nORDER BY\n  ALL";
    const found = lint(await parse(duckdb, sql), {portable: true});
    expect(found.map(({line}) => line)).toEqual([3, 4, 7]);
  });
});
