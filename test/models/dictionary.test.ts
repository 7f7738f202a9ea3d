import {cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsBehind, modelsOf} from "../support/models_of.js";

let lake: TestLake;
let sql: string;
beforeEach(async () => {
  sql = await mkdtemp(join(tmpdir(), "wattlake-sql-"));
  await cp(await modelsBehind(["gold.energy_day"], modelsOf()), sql, {recursive: true});
  lake = await testLake(sql);
});
afterEach(async () => {
  await lake.remove();
  await rm(sql, {recursive: true, force: true});
});

const editReading = async (change: (text: string) => string) => {
  const file = join(sql, "silver/reading.sql");
  await writeFile(file, change(await readFile(file, "utf8")));
};

it("a table with dictionaries has the rows and types that it has without", async () => {
  await lake.land("eliq/1.parquet", [
    ["2022-05-01", 100],
    ["2022-10-30", 200]
  ]);
  const query = `SELECT *, typeof(meter_id) AS type FROM silver.reading ORDER BY ALL`;
  await lake.run({sql});
  const digest = await lake.digest();
  const rows = await lake.query(query);
  await lake.empty();
  await editReading((text) => text.replace(/^-- dictionary: .*\n/m, ""));
  await lake.run({sql});
  expect(await lake.query(query)).toEqual(rows);
  expect(await lake.digest()).toEqual(digest);
  expect(rows).toHaveLength(49);
});

it("a text that its list lacks fails the table, and says which and where", async () => {
  await lake.land("eliq/1.parquet", [["2022-10-30", 200]]);
  await editReading((text) => text.replace("quality = measured | estimated | split", "quality = measured"));
  const {tables} = await lake.run({sql});
  expect(tables.find(({table}) => table === "silver.reading")).toMatchObject({
    outcome: "failed",
    error: expect.stringMatching(
      /^text not in a dictionary of silver.reading: split; add it to those that .*reading.sql lists$/
    )
  });
});

it("rows are sorted by a dictionary column that has no text in the dates of an increment", async () => {
  await writeFile(
    join(sql, "gold", "day_reason.sql"),
    `-- Days and why they were rejected.
-- key: arrival, row_number
-- increment: local_date
-- dictionary: reason
SELECT reason, arrival, row_number, local_date FROM silver.day_fate ORDER BY reason, arrival, row_number
`
  );
  await lake.land("eliq/1.parquet", [
    ["2022-05-01", 100],
    ["2022-05-02", 100],
    ["2022-05-03", -100]
  ]);
  await lake.run({sql});
  await lake.land("eliq/2.parquet", [["2022-05-01", 200]]);
  const {tables} = await lake.run({sql});
  expect(tables.filter(({outcome}) => outcome === "failed")).toEqual([]);
  expect(await lake.query("SELECT * FROM gold.day_reason")).toHaveLength(4);
});
