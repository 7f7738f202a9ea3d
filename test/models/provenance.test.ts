import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {parse} from "../../pipelines/models/parse.js";
import {withProvenance} from "../../pipelines/models/provenance.js";

const duckdb = await openDuckDB();
await duckdb.run(`
  CREATE SCHEMA silver;
  CREATE TABLE silver.reading AS SELECT *, [id] AS lineage_0 FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 30), (4, 'b', 30)) AS t(id, meter, kwh);
  CREATE TABLE silver.meter AS SELECT *, [id] AS lineage_1 FROM (VALUES (1, 'a', 'north'), (2, 'b', 'south'), (3, 'c', 'south')) AS t(id, meter, area);
  CREATE MACRO gathered(value) AS list(value);`);

/** The rows of a SELECT, each as its first value and the ids of readings and of meters behind it. */
async function madeFrom(sql: string): Promise<unknown[]> {
  const {sql: rewritten, traced} = await withProvenance(duckdb, await parse(duckdb, sql), [
    "silver.reading",
    "silver.meter"
  ]);
  const ids = [0, 1].map((input) => (traced.includes(input) ? `nullif(list_sort(lineage_${input}), [])` : "NULL"));
  const result = await duckdb.native.runAndReadAll(
    `SELECT COLUMNS(*)::VARCHAR FROM (SELECT #1 AS value, ${ids.join(", ")} FROM (${rewritten})) ORDER BY ALL`
  );
  return result.getRows();
}

describe("withProvenance", () => {
  it.each<[string, string, unknown[]]>([
    ["a filter", "SELECT id FROM silver.reading WHERE kwh > 10 AND meter = 'a'", [["2", "[2]", null]]],
    [
      "a group",
      "SELECT meter, sum(kwh) FROM silver.reading GROUP BY meter",
      [
        ["a", "[1, 2]", null],
        ["b", "[3, 4]", null]
      ]
    ],
    [
      "a group by ALL, its aggregate a macro",
      "SELECT meter, gathered(kwh) FROM silver.reading GROUP BY ALL",
      [
        ["a", "[1, 2]", null],
        ["b", "[3, 4]", null]
      ]
    ],
    ["an aggregate of all rows", "SELECT max(kwh) FROM silver.reading", [["30", "[1, 2, 3, 4]", null]]],
    ["DISTINCT", "SELECT DISTINCT meter, kwh FROM silver.reading WHERE meter = 'b'", [["b", "[3, 4]", null]]],
    [
      "a join",
      "SELECT sum(kwh) FROM silver.reading JOIN silver.meter USING (meter) GROUP BY area",
      [
        ["30", "[1, 2]", "[1]"],
        ["60", "[3, 4]", "[2]"]
      ]
    ],
    [
      "an outer join",
      "SELECT m.meter FROM silver.meter m LEFT JOIN silver.reading r ON r.meter = m.meter AND kwh = 10",
      [
        ["a", "[1]", "[1]"],
        ["b", null, "[2]"],
        ["c", null, "[3]"]
      ]
    ],
    [
      "stars",
      "WITH x AS (SELECT * FROM silver.reading), y AS (SELECT x.*, m.area FROM x JOIN silver.meter m ON m.meter = x.meter) SELECT * FROM y WHERE id = 3",
      [["3", "[3]", "[2]"]]
    ],
    [
      "UNION ALL of one table and another",
      "SELECT meter FROM silver.reading WHERE id = 1 UNION ALL SELECT meter FROM silver.meter WHERE id = 3",
      [
        ["a", "[1]", null],
        ["c", null, "[3]"]
      ]
    ],
    [
      "UNION, which keeps one of the same rows",
      "SELECT meter FROM silver.reading UNION SELECT meter FROM silver.meter",
      [
        ["a", "[1, 2]", "[1]"],
        ["b", "[3, 4]", "[2]"],
        ["c", null, "[3]"]
      ]
    ],
    [
      "a window, made from its whole partition",
      "SELECT kwh - lag(kwh) OVER (PARTITION BY meter ORDER BY id) AS more FROM silver.reading WHERE meter = 'a'",
      [
        ["10", "[1, 2]", null],
        [null, "[1, 2]", null]
      ]
    ],
    [
      "a self-join",
      "SELECT a.id FROM silver.reading a JOIN silver.reading b ON b.id = a.id + 1 WHERE a.id < 3",
      [
        ["1", "[1, 2]", null],
        ["2", "[2, 3]", null]
      ]
    ],
    [
      "a condition, which has no part",
      "SELECT id FROM silver.reading r WHERE EXISTS (SELECT * FROM silver.meter m WHERE m.meter = r.meter AND area = 'north')",
      [
        ["1", "[1]", null],
        ["2", "[2]", null]
      ]
    ],
    [
      "a semi join, which has none either",
      "SELECT id FROM silver.meter SEMI JOIN silver.reading USING (meter)",
      [
        ["1", null, "[1]"],
        ["2", null, "[2]"]
      ]
    ],
    [
      "an anti join",
      "SELECT m.id FROM silver.meter m LEFT JOIN silver.reading r USING (meter) WHERE r.id IS NULL",
      [["3", null, "[3]"]]
    ],
    ["ORDER BY and LIMIT", "SELECT id FROM silver.reading ORDER BY kwh DESC, id LIMIT 1", [["3", "[3]", null]]]
  ])("follows rows through %s", async (_, sql, expected) => {
    expect(await madeFrom(sql)).toEqual(expected);
  });

  it.each([
    ["EXCEPT", "SELECT meter FROM silver.meter EXCEPT SELECT meter FROM silver.reading"],
    [
      "a recursive SELECT",
      "WITH RECURSIVE t(n) AS (SELECT id FROM silver.meter UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t"
    ],
    ["a NATURAL JOIN", "SELECT * FROM silver.meter NATURAL JOIN silver.reading"]
  ])("refuses %s by name", async (name, sql) => {
    await expect(madeFrom(sql)).rejects.toThrow(`not traceable: ${name}`);
  });
});
