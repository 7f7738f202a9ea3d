import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {columnLineage} from "../../pipelines/models/column_lineage.js";
import {openProject} from "../../pipelines/models/project.js";
import {tableColumns} from "../../pipelines/table_columns.js";

const duckdb = await openDuckDB({threads: 1});
await duckdb.run("CREATE MACRO doubled(x) AS x * 2");
await duckdb.run("CREATE MACRO total(x) AS doubled(sum(x))");

const tables = new Map([
  ["silver.t", ["d", "x", "y", "l"]],
  ["silver.u", ["x", "z"]]
]);

/** What a SELECT comes from, in short: `a: t.x transformation`, the rows under `rows`. */
async function lineage(sql: string): Promise<string[]> {
  const {columns, rows} = await columnLineage(duckdb, sql, tables);
  return [...columns, {name: "rows", inputs: rows}].map(({name, inputs}) =>
    [`${name}:`, ...inputs.map(({table, column, uses}) => `${table.slice(7)}.${column} ${uses.join("+")}`)].join(" ")
  );
}

describe("columnLineage", () => {
  it.each([
    ["a column as it is", "SELECT x, t.y AS b FROM silver.t", ["x: t.x identity", "b: t.y identity", "rows:"]],
    ["names in other letters", "SELECT T.X FROM Silver.T", ["X: t.x identity", "rows:"]],
    ["a name with its schema", "SELECT silver.t.x FROM silver.t", ["x: t.x identity", "rows:"]],
    ["an expression", "SELECT x + y AS a FROM silver.t", ["a: t.x transformation t.y transformation", "rows:"]],
    ["a cast", "SELECT CAST(x AS BIGINT) AS x FROM silver.t", ["x: t.x transformation", "rows:"]],
    ["a macro", "SELECT doubled(x) AS a FROM silver.t", ["a: t.x transformation", "rows:"]],
    [
      "a field of a struct",
      "SELECT t.x.f.g AS a, y.h FROM silver.t",
      ["a: t.x transformation", "h: t.y transformation", "rows:"]
    ],
    ["constants and counts", "SELECT 1 AS a, count(*) AS n FROM silver.t", ["a:", "n:", "rows:"]],
    ["an aggregate", "SELECT sum(x + 1) AS a FROM silver.t", ["a: t.x aggregation", "rows:"]],
    [
      "an expression of aggregates",
      "SELECT sum(x) / max(y) AS a FROM silver.t",
      ["a: t.x aggregation t.y aggregation", "rows:"]
    ],
    ["an aggregate in a macro", "SELECT total(x) AS a FROM silver.t", ["a: t.x aggregation", "rows:"]],
    [
      "a quantile",
      "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY x) AS a FROM silver.t",
      ["a: t.x aggregation", "rows:"]
    ],
    [
      "an ordered and filtered aggregate",
      "SELECT list(x ORDER BY y) FILTER (WHERE d > 1) AS a FROM silver.t",
      ["a: t.d filter t.x aggregation t.y sort", "rows:"]
    ],
    [
      "CASE",
      "SELECT CASE WHEN d > 1 THEN x ELSE y END AS a FROM silver.t",
      ["a: t.d conditional t.x transformation t.y transformation", "rows:"]
    ],
    [
      "windows",
      "SELECT lag(x) OVER (PARTITION BY d ORDER BY y) AS a, max(x) OVER w AS b FROM silver.t WINDOW w AS (PARTITION BY d)",
      ["a: t.d window t.x transformation t.y window", "b: t.d window t.x aggregation", "rows:"]
    ],
    [
      "one column used in two ways",
      "SELECT x - lag(x) OVER (ORDER BY x) AS a FROM silver.t",
      ["a: t.x transformation+window", "rows:"]
    ],
    [
      "another column of the select list",
      "SELECT x + 1 AS a, a * 2 AS b FROM silver.t",
      ["a: t.x transformation", "b: t.x transformation", "rows:"]
    ],
    [
      "a table's column before one of the select list",
      "SELECT x AS y, y AS b FROM silver.t",
      ["y: t.x identity", "b: t.y identity", "rows:"]
    ],
    ["filters", "SELECT x FROM silver.t WHERE y > 1", ["x: t.x identity", "rows: t.y filter"]],
    [
      "groups, and what they must have",
      "SELECT d, x + 1 AS a, count(*) AS n FROM silver.t GROUP BY d, a HAVING max(y) > 1",
      ["d: t.d identity", "a: t.x transformation", "n:", "rows: t.d group_by t.x group_by t.y filter"]
    ],
    [
      "groups by place, and by all",
      "SELECT d, n FROM (SELECT d, sum(x) AS n FROM silver.t GROUP BY 1) UNION ALL SELECT x, max(z) FROM silver.u GROUP BY ALL",
      ["d: t.d identity u.x identity", "n: t.x aggregation u.z aggregation", "rows: t.d group_by u.x group_by"]
    ],
    [
      "order, by the select list first",
      "SELECT y AS x FROM silver.t ORDER BY x, 1, d LIMIT 3",
      ["x: t.y identity", "rows: t.d sort t.y sort"]
    ],
    [
      "DISTINCT, and DISTINCT ON",
      "SELECT DISTINCT x FROM (SELECT DISTINCT ON (d) x FROM silver.t)",
      ["x: t.x identity", "rows: t.d group_by t.x group_by"]
    ],
    [
      "QUALIFY",
      "SELECT x FROM silver.t QUALIFY row_number() OVER (ORDER BY d) = 1",
      ["x: t.x identity", "rows: t.d filter"]
    ],
    [
      "a join",
      "SELECT t.x, z FROM silver.t JOIN silver.u ON u.x = t.y",
      ["x: t.x identity", "z: u.z identity", "rows: t.y join u.x join"]
    ],
    [
      "a join with itself",
      "SELECT a.x, b.y FROM silver.t AS a JOIN silver.t AS b ON a.d = b.d",
      ["x: t.x identity", "y: t.y identity", "rows: t.d join"]
    ],
    [
      "USING: the kept side's",
      "SELECT x, z FROM silver.t LEFT JOIN silver.u USING (x)",
      ["x: t.x identity", "z: u.z identity", "rows: t.x join u.x join"]
    ],
    [
      "USING of a right join",
      "SELECT x FROM silver.t RIGHT JOIN silver.u USING (x)",
      ["x: u.x identity", "rows: t.x join u.x join"]
    ],
    [
      "USING of a full join",
      "SELECT x FROM silver.t FULL JOIN silver.u USING (x)",
      ["x: t.x transformation u.x transformation", "rows: t.x join u.x join"]
    ],
    [
      "a natural join",
      "SELECT * FROM silver.u NATURAL JOIN silver.t",
      [
        "x: u.x identity",
        "z: u.z identity",
        "d: t.d identity",
        "y: t.y identity",
        "l: t.l identity",
        "rows: t.x join u.x join"
      ]
    ],
    [
      "a semi join",
      "SELECT x FROM silver.t SEMI JOIN silver.u ON t.y = u.z",
      ["x: t.x identity", "rows: t.y join u.z join"]
    ],
    [
      "* over USING",
      "SELECT * FROM silver.u JOIN silver.t USING (x)",
      [
        "x: u.x identity",
        "z: u.z identity",
        "d: t.d identity",
        "y: t.y identity",
        "l: t.l identity",
        "rows: t.x join u.x join"
      ]
    ],
    [
      "* of one table, changed",
      "SELECT u.* EXCLUDE (z), t.* EXCLUDE (d, l) REPLACE (x + 1 AS x) FROM silver.t, silver.u",
      ["x: u.x identity", "x: t.x transformation u.x transformation", "y: t.y identity", "rows:"].map((line) =>
        line.replace("x: t.x transformation u.x transformation", "x: t.x transformation")
      )
    ],
    [
      "common table expressions",
      "WITH a AS (SELECT d, x + 1 AS x FROM silver.t WHERE y = 1), b(e, f) AS (SELECT * FROM a) SELECT e, sum(f) AS f FROM b GROUP BY e",
      ["e: t.d identity", "f: t.x aggregation", "rows: t.d group_by t.y filter"]
    ],
    [
      "a common table expression of a table's name",
      "WITH u AS (SELECT y AS x FROM silver.t) SELECT u.x, s.z FROM u JOIN silver.u AS s ON true",
      ["x: t.y identity", "z: u.z identity", "rows:"]
    ],
    [
      "what a filter is made from",
      "SELECT x FROM (SELECT x, rank() OVER (ORDER BY y) AS place FROM silver.t) WHERE place = 1",
      ["x: t.x identity", "rows: t.y filter"]
    ],
    [
      "a window further in",
      "SELECT place FROM (SELECT rank() OVER (ORDER BY y) AS place FROM silver.t)",
      ["place: t.y window", "rows:"]
    ],
    [
      "UNION",
      "SELECT x FROM silver.t UNION SELECT z + 1 FROM silver.u",
      ["x: t.x identity u.z transformation", "rows: t.x group_by u.z group_by"]
    ],
    [
      "UNION ALL",
      "(SELECT x FROM silver.t WHERE d = 1) UNION ALL (SELECT z FROM silver.u)",
      ["x: t.x identity u.z identity", "rows: t.d filter"]
    ],
    [
      "UNION BY NAME",
      "SELECT x, y FROM silver.t UNION ALL BY NAME SELECT z, x FROM silver.u",
      ["x: t.x identity u.x identity", "y: t.y identity", "z: u.z identity", "rows:"]
    ],
    [
      "EXCEPT",
      "SELECT x FROM silver.t EXCEPT ALL SELECT z FROM silver.u",
      ["x: t.x identity", "rows: t.x filter u.z filter"]
    ],
    [
      "IN",
      "SELECT x FROM silver.t WHERE y IN (SELECT z FROM silver.u)",
      ["x: t.x identity", "rows: t.y filter u.z filter"]
    ],
    [
      "a correlated EXISTS",
      "SELECT x FROM silver.t WHERE NOT EXISTS (SELECT 1 FROM silver.u WHERE u.x = t.y)",
      ["x: t.x identity", "rows: t.y filter u.x filter"]
    ],
    [
      "a correlated scalar subquery",
      "SELECT (SELECT max(z) FROM silver.u WHERE u.x = y) AS a FROM silver.t",
      ["a: t.y filter u.x filter u.z aggregation", "rows:"]
    ],
    [
      "a lateral subquery",
      "SELECT a FROM silver.t, LATERAL (SELECT t.x + z AS a FROM silver.u)",
      ["a: t.x transformation u.z transformation", "rows:"]
    ],
    [
      "an array laid out in rows",
      "SELECT d, unnest(l) AS e FROM silver.t",
      ["d: t.d identity", "e: t.l transformation", "rows:"]
    ],
    [
      "one laid out beside its row",
      "SELECT d, e FROM silver.t, unnest(t.l) AS v(e)",
      ["d: t.d identity", "e: t.l transformation", "rows: t.l join"]
    ],
    [
      "a lambda",
      "SELECT list_transform(l, lambda x: x + y) AS a FROM silver.t",
      ["a: t.l transformation t.y transformation", "rows:"]
    ],
    ["VALUES", "SELECT x, n FROM silver.t, (VALUES (15), (30)) AS v(n)", ["x: t.x identity", "n:", "rows:"]],
    [
      "recursion",
      "WITH RECURSIVE r(n, m) AS (SELECT x, y FROM silver.t UNION ALL SELECT m, n + z FROM r JOIN silver.u ON true) SELECT n FROM r",
      ["n: t.x identity+transformation t.y identity+transformation u.z transformation", "rows:"]
    ]
  ])("follows %s", async (_, sql, expected) => {
    expect(await lineage(sql)).toEqual(expected);
  });

  it.each([
    ["a table that isn't an input", "SELECT x FROM silver.v", "table not found: silver.v"],
    ["a column that isn't there", "SELECT q FROM silver.t", "column not found: q"],
    ["a column of the other table", "SELECT t.z FROM silver.t, silver.u", "column not found: t.z"],
    ["COLUMNS", "SELECT COLUMNS('x.*') FROM silver.t", "doesn't follow COLUMNS"],
    ["a pivot", "SELECT * FROM silver.t PIVOT (max(x) FOR y IN (1, 2))", "doesn't follow PIVOT"],
    ["* of files", "SELECT * FROM read_parquet('x.parquet')", "can't know the columns of read_parquet"]
  ])("refuses %s by name", async (_, sql, sentence) => {
    await expect(lineage(sql)).rejects.toThrow(sentence);
  });

  it("finds for each column of the project's models where it comes from, and names no column that isn't there", async () => {
    const project = await openProject(duckdb);
    const all = await tableColumns(duckdb, project);
    for (const {name, inputs, sources} of project.models.map((model) => ({
      ...model,
      inputs: project.inputs.get(model.name)!
    }))) {
      const {columns, lineage} = all.get(name)!;
      expect(
        lineage!.columns.map((column) => column.name),
        name
      ).toEqual(columns.map((column) => column.name));
      const used = [...lineage!.columns.flatMap((column) => column.inputs), ...lineage!.rows];
      for (const {table, column} of used) {
        if (table === "landing") expect(name).toMatch(/^bronze\./);
        else {
          expect(inputs, name).toContain(table);
          expect(
            all.get(table)!.columns.map((other) => other.name),
            `${name} < ${table}`
          ).toContain(column);
        }
      }
      expect(new Set(used.map(({table}) => table)), `${name}: ${sources[0]!.file}`).toEqual(
        new Set(name.startsWith("bronze.") ? ["landing"] : inputs)
      );
    }
    const energy = all.get("gold.energy_day")!.lineage!.columns.find(({name}) => name === "energy_kwh")!;
    expect(energy.inputs).toContainEqual({table: "silver.reading", column: "energy_kwh", uses: ["aggregation"]});
  });
});
