import {relative} from "node:path";
import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {loadModels} from "../../pipelines/models/model.js";
import {folderOf} from "./folder.js";

const duckdb = await openDuckDB({threads: 1});

/** What loading these files complains of, with paths as given. */
async function complaints(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await folderOf(files);
  const error = await loadModels(duckdb, folder).then(
    () => undefined,
    (thrown: Error) => thrown
  );
  return error ? error.message.split("\n").map((line) => relative(folder, line)) : [];
}

describe("loadModels", () => {
  it("reads a model: its description, its keys, its SELECT", async () => {
    const folder = await folderOf({
      "silver/reading.sql": `-- One row a meter and interval:
-- the energy in it.
-- key: meter_id, interval_start
-- partition: month
-- increment: local_date
-- lookback: 7 days
-- around: 1 day
-- dictionary: meter_id, month = 2022-01 | 2022-02
-- fresh: 26 hours
-- param: as_of = 2021-01-01
-- param: least = 0.5

-- Not part of the header.
SELECT meter_id, interval_start, month, local_date -- ; 'no end
FROM silver.meter_day CROSS JOIN parameter; -- the end
`
    });
    expect(await loadModels(duckdb, folder)).toEqual([
      {
        name: "silver.reading",
        description: "One row a meter and interval: the energy in it.",
        key: ["meter_id", "interval_start"],
        partition: ["month"],
        increment: "local_date",
        lookback: {days: 7},
        around: {days: 1},
        freshHours: 26,
        stored: true,
        held: false,
        shared: false,
        portable: true,
        dictionary: {meter_id: [], month: ["2022-01", "2022-02"]},
        params: {as_of: "2021-01-01", least: "0.5"},
        extra: {},
        sources: [
          {file: `${folder}/silver/reading.sql`, sql: expect.stringMatching(/^SELECT [\s\S]* parameter$/), line: 14}
        ],
        sql: expect.stringMatching(/^SELECT [\s\S]* parameter$/),
        checks: [],
        file: `${folder}/silver/reading.sql`
      }
    ]);
  });

  it("makes one table of a folder: the union of its files in name order, that any query can hold", async () => {
    const folder = await folderOf({
      "silver/meter_day/b.sql": "-- From b.\nSELECT 2 AS n, 'b' AS source",
      "silver/meter_day/a.sql":
        "-- From a.\n-- key: n\nWITH x AS (SELECT 1 AS n) SELECT n, 'a' AS source FROM x; -- last"
    });
    const [model] = await loadModels(duckdb, folder);
    expect(model).toMatchObject({name: "silver.meter_day", description: "From a.", key: ["n"]});
    expect(await duckdb.rows(`SELECT * FROM (${model!.sql}) ORDER BY n`)).toEqual([
      {n: 1, source: "a"},
      {n: 2, source: "b"}
    ]);
  });

  it("reads checks, errors by default", async () => {
    const folder = await folderOf({
      "gold/day.sql": "-- A day.\n-- stored: no\nSELECT 1 AS n",
      "checks/gold.day/even.sql":
        "-- Days are even.\n-- severity: warn\n-- column: n\nSELECT n FROM gold.day WHERE n % 2 = 1;",
      "checks/gold.day/few.sql": "-- Days are few.\nSELECT count(*) AS days FROM gold.day HAVING count(*) > 3"
    });
    const [model] = await loadModels(duckdb, folder);
    expect(model!.stored).toBe(false);
    expect(model!.checks).toMatchObject([
      {
        name: "even",
        description: "Days are even.",
        severity: "warn",
        column: "n",
        sql: "SELECT n FROM gold.day WHERE n % 2 = 1"
      },
      {name: "few", description: "Days are few.", severity: "error"}
    ]);
    expect(model!.checks[1]).not.toHaveProperty("column");
  });

  it("keeps what a Bronze model says of its files, and lets it use all of DuckDB", async () => {
    const folder = await folderOf({
      "bronze/row.sql":
        "-- A row.\n-- format: csv\n-- required: a VARCHAR, b DECIMAL(18,6)\nSELECT unnest(a) AS a FROM landing"
    });
    const [model] = await loadModels(duckdb, folder);
    expect(model!.extra).toEqual({format: "csv", required: "a VARCHAR, b DECIMAL(18,6)"});
  });

  it("takes the macros of functions/duckdb.sql as portable, and no others", async () => {
    const models = {"gold/a.sql": "-- A.\nSELECT half(4) AS n"};
    expect(await complaints({...models, "functions/duckdb.sql": "CREATE MACRO half(x) AS x // 2"})).toEqual([]);
    expect(await complaints(models)).toEqual(["gold/a.sql:2: not portable: half()"]);
  });

  it.each([
    ["no description", "SELECT 1 AS n", "1: no description: begin with a comment that says what a row is"],
    [
      "a misspelt key",
      "-- A.\n-- incremnt: n\nSELECT 1 AS n",
      "2: unknown header key: incremnt; did you mean increment?"
    ],
    ["a key twice", "-- A.\n-- key: n\n-- key: n\nSELECT 1 AS n", "3: header key twice: key"],
    ["a key without a value", "-- A.\n-- key:\nSELECT 1 AS n", "2: header key without a value: key"],
    [
      "a key after a blank line",
      "-- A.\n\n-- key: n\nSELECT 1 AS n",
      "3: header key after the header: key; a blank line ended it, take that out"
    ],
    [
      "text after the keys",
      "-- A.\n-- key: n\n-- and so on\nSELECT 1 AS n",
      "3: text between header keys: the description stands before them"
    ],
    [
      "a wrong name",
      "-- A.\n-- key: n; m\nSELECT 1 AS n",
      "2: key lists lowercase column names with commas between, not: n; m"
    ],
    ["two increments", "-- A.\n-- increment: n, m\nSELECT 1 AS n, 2 AS m", "2: increment names one column, not: n, m"],
    ["a column twice", "-- A.\n-- key: n, n\nSELECT 1 AS n", "2: key names a column twice: n, n"],
    ["neither yes nor no", "-- A.\n-- stored: never\nSELECT 1 AS n", "2: stored is yes or no, not: never"],
    [
      "a span of nothing",
      "-- A.\n-- fresh: soon\nSELECT 1 AS n",
      "2: fresh is a number of hours, as in `fresh: 2 hours`, not: soon"
    ],
    [
      "a lookback alone",
      "-- A.\n-- lookback: 2 months\nSELECT 1 AS n",
      "2: lookback without an increment: name the column too"
    ],
    [
      "a parameter without default",
      "-- A.\n-- param: as_of\nSELECT 1 AS n",
      "2: param is `name = default`, not: as_of"
    ],
    ["a parameter twice", "-- A.\n-- param: a = 1\n-- param: a = 2\nSELECT 1 AS n", "3: param twice: a"],
    [
      "a Bronze key elsewhere",
      "-- A.\n-- format: csv\nSELECT 1 AS n",
      /^2: unknown header key: format; known are key, /
    ],
    [
      "a column that isn't given",
      "-- A.\n-- key: meter_di\nSELECT 1 AS meter_id",
      "2: column not found: meter_di; did you mean meter_id?"
    ],
    ["a broken SELECT", "-- A.\nSELECT 1 AS n\nFRM a b", /^3: SQL not understood/],
    ["two SELECTs", "-- A.\nSELECT 1 AS n;\nSELECT 2 AS n", "3: not one select: found 2 statements"],
    ["no SELECT", "-- A.\nDELETE FROM a", /^2: not one select: found another statement/],
    ["nothing", "-- A.\n", /^2: not one select: found 0 statements/],
    ["what isn't portable", "-- A.\n\nSELECT\n  'ė' || upper(a) AS n,\n  b[1] AS m FROM t", /^5: not portable: x\[i\]/]
  ])("names the line of %s", async (_, text, expected) => {
    const found = await complaints({"gold/a.sql": text});
    expect(found).toHaveLength(1);
    expect(found[0]!.replace("gold/a.sql:", "")).toEqual(
      typeof expected === "string" ? expected : expect.stringMatching(expected)
    );
  });

  it("names all that is wrong at once, in folders and checks too", async () => {
    const files = {
      "gold/Day.sql": "-- A.\nSELECT 1 AS n",
      "gold/a.sql": "SELECT 1 AS n",
      "gold/b.sql": "-- B.\nSELECT 1 AS n",
      "gold/b/c.sql": "-- B.\n-- key: n\nSELECT 1 AS n, 2 AS m",
      "gold/b/d.sql": "-- B.\n-- key: m\nSELECT 1 AS n, 2 AS o",
      "gold/e/readme.txt": "",
      "checks/gold.f/g.sql": "-- G.\n-- severity: fatal\nSELECT 1 FROM query_table('a')"
    };
    expect((await complaints(files)).sort()).toEqual([
      "checks/gold.f/g.sql:2: severity is error or warn, not: fatal",
      "checks/gold.f/g.sql:3: query_table(): name the table itself",
      "checks/gold.f:1: checks of an unknown table: gold.f; did you mean gold.a, gold.b, gold.e?",
      "gold/Day.sql:1: no table name: gold.Day; use a-z, 0-9 and _",
      "gold/a.sql:1: no description: begin with a comment that says what a row is",
      "gold/b.sql:1: table twice: gold.b is a file and a folder",
      expect.stringMatching(/^gold\/b\/d.sql:2: key is m here and n in .*c.sql$/),
      expect.stringMatching(/^gold\/b\/d.sql:3: column 2 is o here and m in .*c.sql; /),
      "gold/e:1: no .sql file in it: gold.e"
    ]);
  });
});
