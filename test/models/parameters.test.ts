import {readFile, rm} from "node:fs/promises";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import type {ParameterValues} from "../../pipelines/models/parameters.js";
import {openProject} from "../../pipelines/models/project.js";
import {type TestLake, testLake} from "../support/lake.js";
import {folderFor} from "./folder.js";

const models = {
  "bronze/eliq_daily.sql": await readFile("sql/bronze/eliq_daily.sql", "utf8"),
  "gold/early.sql": `-- The days before one, told by a common table expression of its own.
-- key: date
-- increment: date
-- param: before = 2022-05-03
WITH day AS (SELECT DISTINCT date FROM bronze.eliq_daily)
SELECT day.date FROM day CROSS JOIN parameter WHERE day.date < CAST(parameter.before AS DATE)`,
  "gold/early_count.sql": "-- How many they are.\nSELECT CAST(count(*) AS BIGINT) AS days FROM gold.early",
  "gold/late/1.sql": `-- The days from another one on, under a name of theirs.
-- stored: no
-- param: since = 2022-05-03
-- param: title = it's late
SELECT DISTINCT eliq.date, parameter.title FROM bronze.eliq_daily AS eliq CROSS JOIN parameter WHERE eliq.date >= CAST(parameter.since AS DATE)`,
  "gold/late/2.sql": `-- And one of each file of the folder.
SELECT CAST('2030-01-01' AS DATE) AS date, title FROM parameter`,
  "gold/late_count.sql": "-- How many those are.\nSELECT CAST(count(*) AS BIGINT) AS days FROM gold.late",
  "gold/factor.sql":
    "-- A number.\n-- param: factor = 2\n-- param: share = 0.5\nSELECT CAST(factor AS BIGINT) AS n FROM parameter",
  "checks/gold.early/early.sql": `-- No day is too late.
-- severity: warn
SELECT early.date FROM gold.early AS early CROSS JOIN parameter WHERE early.date > CAST(parameter.before AS DATE) - 2`
};

let lake: TestLake;
let sql: string;
beforeAll(async () => {
  sql = await folderFor(models);
  lake = await testLake();
  const day = (number: number) => [`2022-05-0${number}`, number] as const;
  await lake.land("eliq/1.parquet", [day(1), day(2), day(3), day(4)]);
});
afterAll(async () => {
  await lake.remove();
  await rm(sql, {recursive: true});
});

const run = async (params?: ParameterValues) => {
  const {tables} = await lake.run({sql, ...(params && {params})});
  return Object.fromEntries(
    tables
      .filter(({scope}) => scope !== "nothing")
      .map(({table, outcome, failures}) => [table, [outcome, ...failures.map(({violations}) => violations)].join(" ")])
  );
};
const read = async (query: string, params?: ParameterValues) => {
  const lakehouse = await openLakehouse(lake.folder, undefined, {sql, ...(params && {params})});
  try {
    return (await (await lakehouse.stream(query)).getRowsJson()).flat();
  } finally {
    await lakehouse.close();
  }
};

describe("a parameter", () => {
  it("has its default, which a check reads as well, until it is given; then rebuilds its tables and what comes of them", async () => {
    expect(await run()).toEqual({
      "gold.early": "built 1",
      "gold.early_count": "built",
      "gold.factor": "built",
      "gold.late_count": "built"
    });
    expect(await read("SELECT days FROM gold.early_count")).toEqual(["2"]);
    expect(await run()).toEqual({});
    expect(await run({before: "2022-05-05"})).toEqual({"gold.early": "built 1", "gold.early_count": "built"});
    expect(await read("SELECT date FROM gold.early ORDER BY date")).toEqual([
      "2022-05-01",
      "2022-05-02",
      "2022-05-03",
      "2022-05-04"
    ]);
    expect(await run({before: "2022-05-05"})).toEqual({});
    expect(await run(), "the default again, where it isn't given").toEqual({
      "gold.early": "built 1",
      "gold.early_count": "built"
    });
    expect(await read("SELECT days FROM gold.early_count")).toEqual(["2"]);
  });

  it("of a view rebuilds what is made of the view", async () => {
    expect(await run({since: "2022-05-02"})).toEqual({"gold.late_count": "built"});
    expect(await read("SELECT days FROM gold.late_count")).toEqual(["4"]);
    expect(await run()).toEqual({"gold.late_count": "built"});
    expect(await read("SELECT days FROM gold.late_count")).toEqual(["3"]);
  });

  it("of a view is given when the view is read, or has its default", async () => {
    const query = "SELECT count(*) AS n, min(title) AS title FROM gold.late";
    expect(await read(query)).toEqual(["3", "it's late"]);
    expect(await read(query, {since: "2022-05-04", title: "'; DROP"})).toEqual(["2", "'; DROP"]);
    await expect(read(query, {before: "2022-05-04"})).rejects.toThrow(
      "parameter before is a stored table's: npm run pipeline -- --param before=… builds it with another value"
    );
  });

  it.each([
    [{befor: "2022-05-05"}, "parameter not found: befor; did you mean before?"],
    [{nothing_like_it: "1"}, "parameter not found: nothing_like_it; there are before, factor, share, since, title"],
    [{before: "2022-02-30"}, "parameter before is a date, not: 2022-02-30; write it as 2022-05-03"],
    [{factor: "2.5"}, "parameter factor is a whole number, not: 2.5; write it as 2"],
    [{share: "half"}, "parameter share is a number, not: half; write it as 0.5"]
  ])("is refused as wrong usage when no model can take it: %s", async (params, sentence) => {
    const database = await openDuckDB({threads: 1});
    const refusal = openProject(database, {sql, params: params as ParameterValues});
    await expect(refusal).rejects.toMatchObject({message: sentence, cause: "usage"});
    database.close();
  });
});
