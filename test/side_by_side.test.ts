import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Lake, openLake} from "../pipelines/index.js";
import {type TestLake, testLake} from "./support/lake.js";

let lake: TestLake;
const lakes: Lake[] = [];
beforeAll(async () => {
  lake = await testLake();
  await mkdir(join(lake.folder, "landing/intervals"));
  const rows = ["a", "b"].flatMap((client, turn) =>
    Array.from({length: 300 + turn * 50}, (_, hour) => {
      const start = new Date(Date.UTC(2022, 4, 1, hour)).toISOString();
      return `${client},m${hour % 3},l-${client},electricity,import,${start},60min,${turn + hour},kWh`;
    })
  );
  const header = "client_id,meter_id,location_id,fuel,channel,start,resolution,value,unit";
  await writeFile(join(lake.folder, "landing/intervals/ab.csv"), `${header}\n${rows.join("\n")}\n`);
  await lake.run();
  for (const client of ["a", "b", undefined]) lakes.push(await openLake(lake.folder, {client}));
});
afterAll(async () => {
  for (const open of lakes) await open.close();
  await lake.remove();
});

const table = fc.constantFrom("silver.reading", "gold.energy_day", "gold.energy_month", "gold.load_profile");
const part = fc
  .tuple(table, fc.constantFrom("client_id", "meter_id", "channel"), fc.constantFrom("a", "b", "m1", "import"))
  .map(
    ([from, column, value]) =>
      `SELECT client_id, meter_id, ${column} AS other FROM ${from} WHERE ${column} <> '${value}'`
  );
const random = fc.oneof(
  part,
  fc.tuple(part, part).map(([one, other]) => `${one} UNION ALL ${other}`),
  fc.tuple(part, part).map(([one, other]) => `WITH t AS (${one}), u AS (${other}) FROM t UNION FROM u`),
  table.map(
    (from) =>
      `SELECT client_id, count(*) AS n FROM ${from} GROUP BY client_id UNION ALL SELECT 'all', count(*) FROM ${from}`
  ),
  part.map((one) => `SELECT other, row_number() OVER (ORDER BY client_id, meter_id, other) AS n FROM (${one})`)
);
const call = fc.record({
  sql: random.map((sql) => `SELECT * FROM (${sql}) ORDER BY ALL`),
  of: fc.integer({min: 0, max: 2}),
  way: fc.constantFrom("query", "arrow")
});

describe("queries of one opened lake", () => {
  it("give side by side what they give one by one, across clients too", async () => {
    const calls = fc.sample(call, {numRuns: 100, seed: 20221030});
    const run = async ({sql, of, way}: (typeof calls)[number]) => {
      const open = lakes[of]!;
      const rows =
        way === "query" ? await open.query(sql) : (await open.arrow(sql)).toArray().map((row) => row.toJSON());
      return JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value));
    };
    const serial: string[] = [];
    for (const each of calls) serial.push(await run(each));
    expect(new Set(serial).size).toBeGreaterThan(30);
    expect(await Promise.all(calls.map(run))).toEqual(serial);
    // First reads of a table, too, which give its name a meaning.
    const fresh = await openLake(lake.folder);
    const ofAll = calls.map((each, index) => ({...each, index})).filter(({of}) => of === 2);
    const found = await Promise.all(ofAll.map(({sql}) => fresh.query(sql)));
    expect(found.map(({length}) => length)).toEqual(ofAll.map(({index}) => JSON.parse(serial[index]!).length));
    await fresh.close();
  });
});
