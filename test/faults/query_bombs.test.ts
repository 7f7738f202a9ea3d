import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Lake, openLake} from "../../pipelines/index.js";
import {type TestLake, testLake} from "../support/lake.js";

/** SELECTs that take more time or memory than anybody has. */
const bombs: Readonly<Record<string, string>> = {
  rows: "SELECT count(*) FROM range(100000000000)",
  product: "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = -1",
  recursion: "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT max(x) FROM r",
  sort: "SELECT max(h) FROM (SELECT hash(i) AS h, repeat('x', 500) FROM range(1000000000) AS t(i) ORDER BY h LIMIT 900000000)",
  "a list": "SELECT len(range(2000000000))",
  lists: "SELECT sum(len(list_transform(range(1000000), lambda x: range(100000))))",
  "a text": "SELECT length(repeat('x', 4000000000))",
  "a padded text": "SELECT length(lpad('x', 2000000000, 'y'))",
  "a formatted number": "SELECT length(format('{:2000000000d}', 1))",
  "a gathered text": "SELECT len(string_agg(repeat('x', 10000), '')) FROM range(10000000)",
  distance: "SELECT levenshtein(repeat('a', 500000), repeat('b', 500000))",
  pattern: "SELECT count(*) FROM range(100000) t(i) WHERE regexp_matches(repeat('a', 1000000) || i, '(a*)*(b|c)*d')",
  rowsout: "SELECT i, repeat('x', 1000) AS text FROM range(100000000) AS t(i)"
};

let lake: TestLake;
let opened: Lake;
beforeAll(async () => {
  lake = await testLake();
  await lake.land("eliq/1.parquet", [["2022-05-01", 1]]);
  await lake.run();
  opened = await openLake(lake.folder, {timeoutSeconds: 3, memory: "300MB"});
});
afterAll(async () => {
  await opened.close();
  await lake.remove();
});

describe("a query that would take all there is", () => {
  it.each(Object.entries(bombs))("is stopped within seconds, and the next is answered: %s", async (_, sql) => {
    const started = performance.now();
    await expect(opened.query(sql)).rejects.toThrow(
      /^(query stopped after 3 seconds|query stopped: it took more memory than 300MB|not enough memory|disk full)/
    );
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(await opened.query("SELECT count(*) AS n FROM gold.energy_day")).toEqual([{n: 1}]);
    expect((await readdir(join(lake.folder, ".tmp"))).length).toBeLessThanOrEqual(1);
  });
});
