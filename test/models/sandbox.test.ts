import {afterAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {parse} from "../../pipelines/models/parse.js";
import {refuseOutside} from "../../pipelines/models/sandbox.js";

const duckdb = await openDuckDB({threads: 1});
afterAll(() => duckdb.close());

const look = async (sql: string, files = false) => {
  const sandbox = {tables: ["silver.reading", "gold.energy_day"], macros: new Set(["kwh"]), files};
  refuseOutside(await parse(duckdb, sql), sandbox);
};

describe("a SELECT from outside", () => {
  it.each([
    ["a file by a function", "FROM read_parquet('x')", "function not allowed: read_parquet; it reads files"],
    ["a file in a subquery", "SELECT (SELECT max(content) FROM read_text('x'))", "read_text; it reads files"],
    ["a file in a common table", "WITH t AS (FROM read_blob('/proc/self/environ')) FROM t", "not allowed: read_blob"],
    ["a file in a part of a union", "SELECT 1 UNION ALL SELECT 1 FROM sniff_csv('x')", "not allowed: sniff_csv"],
    ["a file beside a lateral join", "FROM silver.reading r, LATERAL (FROM glob(r.meter_id))", "not allowed: glob"],
    ["a file in a lambda", "SELECT list_transform([1], lambda x: (SELECT count(*) FROM glob('/*')))", "allowed: glob"],
    ["a file in a pivot", "FROM (FROM read_csv('x')) PIVOT (sum(v) FOR k IN ('a'))", "not allowed: read_csv"],
    ["a file in a description", "DESCRIBE FROM read_json('x')", "not allowed: read_json"],
    ["a file in a summary", "SUMMARIZE FROM parquet_metadata('x')", "not allowed: parquet_metadata"],
    ["a file in an order", "SELECT 1 ORDER BY (SELECT 1 FROM parquet_schema('x'))", "not allowed: parquet_schema"],
    ["a file by its path", "FROM '/etc/passwd'", "file not read: /etc/passwd; lake query --files"],
    ["a file by its name", 'SELECT * FROM "x.parquet"', "file not read: x.parquet"],
    ["a database", "FROM read_duckdb('x.db')", "function not allowed: read_duckdb; it opens a database"],
    [
      "a place in memory",
      "FROM arrow_scan(1, 2, 3)",
      "not allowed: arrow_scan; it opens a database or a place in memory"
    ],
    ["SQL in a text", "FROM query('FROM silver.reading')", "not allowed: query; it runs SQL that a text holds"],
    ["a table by a text", "FROM query_table('silver.reading')", "function not allowed: query_table"],
    ["a table by a macro's text", "FROM histogram_values('silver.reading', 'x')", "not allowed: histogram_values"],
    ["a serialized SELECT", "FROM json_execute_serialized_sql('{}')", "not allowed: json_execute_serialized_sql"],
    ["the plan of a SELECT", "SELECT json_serialize_plan('SELECT 1')", "not allowed: json_serialize_plan"],
    ["the SELECTs behind tables", "FROM duckdb_views()", "duckdb_views; it shows what the engine knows of itself"],
    ["settings", "FROM duckdb_settings()", "function not allowed: duckdb_settings"],
    ["secrets", "FROM duckdb_secrets()", "function not allowed: duckdb_secrets"],
    ["the log", "FROM duckdb_logs", "table not found: duckdb_logs"],
    ["a variable of the environment", "SELECT getenv('HOME')", "function not allowed: getenv"],
    ["a setting", "SELECT current_setting('temp_directory')", "function not allowed: current_setting"],
    ["a variable", "SELECT getvariable('x')", "function not allowed: getvariable"],
    ["what others run", "SELECT current_query(), txid_current()", "function not allowed: current_query"],
    ["the extremes of a whole column", "SELECT stats(meter_id) FROM silver.reading", "function not allowed: stats"],
    ["a column's storage", "FROM pragma_storage_info('x')", "function not allowed: pragma_storage_info"],
    ["a function of a schema", "SELECT main.current_setting('x')", "function not allowed: current_setting"],
    ["a function of a catalog", "FROM system.main.read_text('x')", "function not allowed: read_text"],
    ["a function in capitals", "FROM READ_TEXT('x')", "function not allowed: read_text"],
    ["a function that is called on a value", "SELECT ('x').current_setting()", "function not allowed: current_setting"],
    ["a function over a window", "SELECT nextval('s') OVER ()", "function not allowed: nextval"],
    [
      "a function in a filter of an aggregate",
      "SELECT count(*) FILTER (write_log('x') IS NULL)",
      "it changes the engine"
    ],
    [
      "a function in a replaced column",
      "SELECT * REPLACE (getenv(meter_id) AS a) FROM silver.reading",
      "allowed: getenv"
    ],
    [
      "a function in a choice of columns",
      "SELECT COLUMNS(c -> current_setting(c) = '') FROM silver.reading",
      "current_setting"
    ],
    ["a function in a limit", "SELECT 1 LIMIT sleep_ms(1000)", "function not allowed: sleep_ms; it waits"],
    ["a table function among values", "SELECT read_text('x')", "function not allowed: read_text"],
    ["a scalar function in FROM", "FROM sum(1)", "function not found: sum"],
    ["an aggregate's memory", "SELECT sum(1) EXPORT_STATE", "EXPORT_STATE not allowed"],
    ["a state made of bytes", "SELECT finalize('x'::BLOB)", "not allowed: finalize; the engine itself alone calls it"],
    [
      "an error of the asker's words",
      "SELECT error(meter_id) FROM silver.reading",
      "not allowed: error; it ends the query"
    ],
    ["a list of all tables", "FROM information_schema.tables", "table not found: information_schema.tables"],
    ["a list by SHOW", "FROM (SHOW ALL TABLES)", "SHOW not allowed: npm run -s lake -- tables lists the tables"],
    ["another catalog", "FROM memory.gold.energy_day", "table not found: memory.gold.energy_day"],
    ["what another query left", "FROM temp.streamed", "table not found: temp.streamed"],
    [
      "the engine's view at the beginning of a recursion",
      "WITH RECURSIVE duckdb_views AS (SELECT sql FROM duckdb_views UNION ALL SELECT '1') FROM duckdb_views",
      "table not found: duckdb_views"
    ],
    [
      "a common table that is called like the engine's view",
      "WITH pg_views AS (SELECT 1) FROM pg_views",
      "name not allowed: pg_views"
    ],
    ["a common table before it is there", "WITH a AS (FROM b), b AS (SELECT 1) FROM a", "table not found: b"],
    ["another statement", "DROP TABLE silver.reading", "not one select"],
    ["a second statement", "SELECT 1; DROP TABLE silver.reading", "not one select"],
    ["a statement behind a parenthesis", "SELECT 1) TO '/tmp/x.csv'; --", "SQL not understood"],
    [
      "a change in a common table",
      "WITH i AS (INSERT INTO gold.energy_day VALUES (1) RETURNING *) FROM i",
      "a CTE needs a SELECT"
    ],
    ["COPY", "COPY (SELECT 1) TO '/tmp/x.csv'", "not one select"],
    ["ATTACH", "ATTACH 'x.db'", "not one select"],
    ["SET", "SET memory_limit = '1TB'", "not one select"],
    ["PRAGMA", "PRAGMA database_list", "not one select"],
    ["CALL", "CALL enable_logging()", "not one select"],
    ["INSTALL", "INSTALL httpfs", "not one select"],
    ["EXPLAIN ANALYZE", "EXPLAIN ANALYZE SELECT 1", "not one select"],
    ["SQL that ends early for the engine", "SELECT 1\0 UNION SELECT 2", "it holds a NUL character"]
  ])("is refused for %s", async (_, sql, sentence) => {
    await expect(look(sql)).rejects.toThrow(sentence);
  });

  it.each([
    "WITH t AS (FROM silver.reading), u AS (FROM t) SELECT count(*) FROM u JOIN gold.energy_day USING (meter_id)",
    "SELECT meter_id, sum(kwh(value)) OVER (PARTITION BY meter_id ORDER BY start) FROM silver.reading QUALIFY row_number() OVER () = 1",
    "FROM silver.reading, range(3), unnest([1, 2]), json_each('{}')",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) FROM t",
    "SELECT [x * 2 FOR x IN [1, 2] IF x > 1], {'a': 1}.a, MAP {'a': 1}['a'], '{}'::JSON -> 'a', 'x' COLLATE de",
    "SELECT EXTRACT(year FROM now()), INTERVAL 1 DAY, now() AT TIME ZONE 'Europe/Vilnius', 'a' SIMILAR TO 'b', 'a' LIKE 'b' ESCAPE 'c'",
    "PIVOT silver.reading ON channel IN ('import', 'export') USING sum(value)",
    "SELECT COLUMNS('_id$'), * EXCLUDE (meter_id) FROM silver.reading USING SAMPLE 10",
    "DESCRIBE gold.energy_day",
    "SUMMARIZE gold.energy_day",
    "VALUES (1, 'a'), (2, 'b')"
  ])("may be %s", (sql) => look(sql));

  it("may read files where they are open, and nothing else more", async () => {
    for (const sql of ["FROM read_parquet('x')", "FROM 'data/x.csv'", 'SELECT * FROM "x.parquet"', "FROM glob('*')"])
      await look(sql, true);
    await expect(look("SELECT read_text('x')", true)).rejects.toThrow("function not allowed: read_text");
    await expect(look("FROM duckdb_views()", true)).rejects.toThrow("function not allowed: duckdb_views");
    await expect(look("FROM duckdb_views", true)).rejects.toThrow("table not found: duckdb_views");
    await expect(look("FROM read_duckdb('x')", true)).rejects.toThrow("function not allowed: read_duckdb");
  });

  it("is answered with the name that was meant", async () => {
    await expect(look("SELECT summ(1)")).rejects.toThrow("function not found: summ; did you mean sum");
    await expect(look("FROM gold.energyday")).rejects.toThrow("did you mean gold.energy_day?");
  });
});
