import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {restoreTable, vacuumLake} from "../../pipelines/care.js";
import {type Lakehouse, openLakehouse} from "../../pipelines/lakehouse.js";
import {faultText} from "../../pipelines/wording/command.js";
import {type TestLake, testLake} from "../support/lake.js";
import {foreignWords} from "./foreign_words.js";

let lake: TestLake;
let lakehouse: Lakehouse;
beforeAll(async () => {
  lake = await testLake();
  await lake.land("eliq/1.parquet", [["2022-05-01", 1]]);
  await lake.run();
  await lake.land("eliq/2.parquet", [["2022-05-01", 2]]);
  await lake.run();
  await lake.land("eliq/3.parquet", [["2022-05-01", 3]]);
  await lake.run();
  lakehouse = await openLakehouse(lake.folder);
});
afterAll(async () => {
  await lakehouse.close();
  await lake.remove();
});

/** What is printed of a query that fails. */
async function printed(sql: string): Promise<string> {
  return lakehouse.stream(sql).then(
    (result) =>
      result.getRowsJson().then(
        () => "nothing fails",
        (error) => faultText(error)
      ),
    (error) => faultText(error)
  );
}

/** Queries that their writer got wrong, and the whole of what is said. */
const wrong: readonly (readonly [sql: string, said: string])[] = [
  ["SELEC 1", "SQL not understood near SELEC on line 1"],
  ["SELECT 1\nFORM gold.energy_day", "SQL not understood near gold on line 2"],
  ["SELECT", "SQL not understood: SELECT names no column"],
  [`SELECT ${"1+".repeat(2000)}1`, "SQL not understood: it is nested too deeply; write it in fewer levels"],
  ["SELECT (1", "SQL not understood: it ends too early on line 1"],
  ["SELECT 'abc", "SQL not understood: a text's quote is never closed on line 1"],
  ['SELECT "abc', "SQL not understood: a name's quote is never closed on line 1"],
  ["SHOW TABLES", "SHOW not allowed: npm run -s lake -- tables lists the tables"],
  ["SELECT 1; SELECT 2", "not one select: found 2 statements"],
  ["VALUES (1), (1, 2)", "the rows of VALUES have different numbers of values"],
  ["SELECT enrgy_kwh FROM gold.energy_day", "column not found: enrgy_kwh; did you mean energy_kwh? (line 1, column 8)"],
  [
    "SELECT\n  local_date,\n  d.enrgy_kwh\nFROM gold.energy_day AS d",
    "column not found: enrgy_kwh; did you mean energy_kwh? (line 3, column 3)"
  ],
  ["SELECT e.energy_kwh FROM gold.energy_day AS d", "table not found in FROM: e; did you mean d? (line 1, column 8)"],
  ["SELECT x", "column not found: x; the SELECT has no FROM (line 1, column 8)"],
  ["SELECT * EXCLUDE (fule) FROM gold.energy_day", "column not found: fule; did you mean fuel?"],
  ["FROM energy_day", "table not found: energy_day; did you mean gold.energy_day? (line 1, column 6)"],
  [
    "FROM nothing.here",
    "table not found: nothing.here; npm run -s lake -- tables lists those there are (line 1, column 6)"
  ],
  [
    "SELECT fuel, sum(energy_kwh) FROM gold.energy_day",
    "column neither grouped nor aggregated: fuel; add it to GROUP BY, or write any_value(fuel) (line 1, column 8)"
  ],
  [
    "SELECT fuel FROM gold.energy_day JOIN gold.energy_month ON true",
    "column in several tables: fuel; write energy_day.fuel or energy_month.fuel (line 1, column 8)"
  ],
  [
    "FROM gold.energy_day WHERE sum(energy_kwh) > 1",
    "an aggregate stands in WHERE; put the condition into HAVING (line 1, column 28)"
  ],
  [
    "FROM gold.energy_day WHERE rank() OVER () = 1",
    "a window function stands in WHERE; put the condition into QUALIFY (line 1, column 28)"
  ],
  [
    "SELECT sum(sum(energy_kwh)) FROM gold.energy_day",
    "an aggregate stands in another; work the inner one out in a subquery (line 1, column 12)"
  ],
  [
    "SELECT summ(energy_kwh) FROM gold.energy_day",
    "function not found: summ; did you mean sum, fsum, sem? (line 1, column 8)"
  ],
  [
    "SELECT lag(energy_kwh) FROM gold.energy_day",
    "window function without OVER: lag; write lag(…) OVER (ORDER BY …) (line 1, column 8)"
  ],
  ["SELECT abs('x', 'y')", "function abs doesn't take VARCHAR, VARCHAR; cast to another type (line 1, column 8)"],
  [
    "SELECT local_date + true FROM gold.energy_day",
    "operator + doesn't take DATE and BOOLEAN; cast to another type (line 1, column 19)"
  ],
  ["SELECT CAST('x' AS INTEGER)", "value is no INTEGER: x; try_cast gives NULL for it"],
  [
    "SELECT CAST(meter_id AS INTEGER) FROM gold.energy_day",
    "value of meter_id is no INTEGER: m1; try_cast gives NULL for it"
  ],
  ["FROM gold.energy_day WHERE energy_kwh = 'x'", "value is no DECIMAL(18,6): x; try_cast gives NULL for it"],
  ["SELECT DATE '2022-02-30'", "not a date: 2022-02-30"],
  ["FROM gold.energy_day WHERE local_date = 'x'", "not a date: x; write it as 2022-03-27"],
  ["SELECT TIMESTAMP 'x'", "not an instant: x; write it as 2022-03-27T01:00:00Z"],
  ["SELECT CAST(300 AS TINYINT)", "value out of range: 300 is no TINYINT"],
  ["SELECT 9223372036854775807 + 1", "result out of range: 9223372036854775807 + 1 is no BIGINT; cast to a wider type"],
  ["SELECT CAST(99999999999 AS DECIMAL(4,1))", "value out of range: 99999999999 is no DECIMAL(4,1)"],
  ["SELECT (SELECT 1, 2)", "a subquery gives 2 columns where one value belongs (line 1, column 8)"],
  [
    "SELECT (SELECT interval_start FROM silver.reading)",
    "a subquery gives several rows where one value belongs; aggregate them, or add LIMIT 1"
  ],
  ["SELECT 1 UNION SELECT 1, 2", "the parts of a UNION, EXCEPT or INTERSECT have different numbers of columns"],
  ["SELECT unnest(1)", "unnest takes a list (line 1, column 8)"],
  ["SELECT $1", "the SQL has a parameter without a value ($1 or ?); write the value itself"],
  ["SELECT '['::JSON", "not JSON: a text that is cast to JSON"],
  ["SELECT strptime('x', '%Y')", "not of the format %Y: x; try_strptime gives NULL for it"],
  ["SELECT now() AT TIME ZONE 'Nowhere'", "time zone not found: Nowhere; take an IANA name such as Europe/Vilnius"],
  [
    "SELECT 'ą', file FROM glob('/etc/*')",
    "function not allowed: glob; it reads files: lake query --files and openLake(folder, {files: true}) read files, on one's own machine (line 1, column 23)"
  ],
  ["SELECT sqrt(-1)", "the query can't be answered: cannot take square root of a negative number"]
];

describe("a query that its writer got wrong", () => {
  it.each(wrong)("%s", async (sql, said) => {
    expect(await printed(sql)).toBe(said);
    expect(said).not.toMatch(foreignWords);
  });
});

describe("a version whose files vacuum has removed", () => {
  it("is refused by name, with what can be read instead", async () => {
    const day = "SELECT CAST(energy_kwh AS VARCHAR) FROM gold.energy_day";
    expect(await lake.query(day, 1)).toEqual([["0.024000"]]);
    await vacuumLake(lake.folder, {retainMilliseconds: 0, dryRun: false});
    await expect(lake.query(day, 1)).rejects.toThrow(
      /^run can't be read any more: 1; vacuum removed files of gold\.energy_day as it was then; run 3 can be read$/
    );
    await expect(lake.query("FROM gold.energy_day JOIN silver.reading USING (meter_id)", 2)).rejects.toThrow(
      /^run can't be read any more: 2; vacuum removed files of gold\.energy_day and 1 other table as it was then; run 3 can be read$/
    );
    await expect(restoreTable(lake.folder, "gold.energy_day", 0)).rejects.toThrow(
      /^version 0 of gold\.energy_day can't be restored: vacuum removed files of it; version 2 can be read$/
    );
    expect(await lake.query(day, 3)).toEqual([["0.072000"]]);
  });
});
