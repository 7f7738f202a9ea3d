import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {daysBetween, distinct, holdsOneOf, plusDays} from "../../pipelines/delta/slice.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();

describe("holdsOneOf", () => {
  it.each([
    ["one day", "DATE", ["2022-03-27"], `("d" BETWEEN CAST('2022-03-27' AS DATE) AND CAST('2022-03-27' AS DATE))`],
    [
      "a run of days, over the end of a month",
      "DATE",
      ["2022-02-27", "2022-02-28", "2022-03-01"],
      `("d" BETWEEN CAST('2022-02-27' AS DATE) AND CAST('2022-03-01' AS DATE))`
    ],
    ["months", "VARCHAR", ["2022-01", "2022-03"], `"d" IN (CAST('2022-01' AS VARCHAR), CAST('2022-03' AS VARCHAR))`],
    ["nothing", "DATE", [], "false"]
  ])("is a condition for %s", (_, type, values, sql) => {
    expect(holdsOneOf({column: "d", values}, type)).toBe(sql);
  });

  it("finds exactly the days it was given", async () => {
    const day = fc.integer({min: 0, max: 800}).map((days) => plusDays("2021-01-01", days));
    await fc.assert(
      fc.asyncProperty(fc.array(day), async (days) => {
        const values = distinct(days);
        const rows = await duckdb.rows<{d: string}>(
          `SELECT CAST(d AS VARCHAR) AS d FROM (SELECT CAST(range AS DATE) AS d FROM range(DATE '2021-01-01', DATE '2023-06-01', INTERVAL 1 DAY))
           WHERE ${holdsOneOf({column: "d", values}, "DATE")} ORDER BY d`
        );
        expect(rows.map(({d}) => d)).toEqual(values);
      }),
      {numRuns: 30}
    );
  });
});

describe("daysBetween", () => {
  it("counts every day once, days of 23 and 25 hours too", () => {
    expect(daysBetween("2022-03-26", "2022-03-28")).toEqual(["2022-03-26", "2022-03-27", "2022-03-28"]);
    expect(daysBetween("2022-01-01", "2022-12-31")).toHaveLength(365);
    expect(daysBetween("2022-01-02", "2022-01-01")).toEqual([]);
  });
});
