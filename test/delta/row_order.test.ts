import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {optimize} from "../../pipelines/delta/optimize.js";
import {outOfOrder} from "../../pipelines/delta/row_order.js";
import {scan} from "../../pipelines/delta/scan.js";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {stageRows} from "../../pipelines/delta/stage.js";
import {append} from "../../pipelines/delta/write.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const folder = await mkdtemp(join(tmpdir(), "wattlake-order-"));
afterAll(() => rm(folder, {recursive: true, force: true}));

const columns = [
  {name: "client_id", type: "VARCHAR"},
  {name: "meter_id", type: "VARCHAR"},
  {name: "hour", type: "INTEGER"}
];
const order = ["client_id", "meter_id", "hour"];
/** So many rows that a file has three row groups: 100 meters of one client or more. */
const rows = 300_000;
const made = (client: string, hourFirst: boolean) =>
  `SELECT ${client} AS client_id, format('m{:02d}', i ${hourFirst ? "% 100" : "// 3000"}) AS meter_id,
     CAST(i ${hourFirst ? "// 100" : "% 3000"} AS INTEGER) AS hour FROM range(${rows}) AS t(i)`;

async function tableOf(name: string, ...selects: string[]) {
  const target = {root: join(folder, name), columns, partitionColumns: [], description: "Test."};
  for (const select of selects) {
    const files = await stageRows(duckdb, select, target);
    await append(duckdb, await readSnapshot(duckdb, target.root), target, files, {info: {}});
  }
  return target.root;
}

const total = async (root: string) =>
  duckdb.rows(
    `SELECT count(*) AS n, sum(hash(client_id, meter_id, hour)) AS digest FROM ${scan((await readSnapshot(duckdb, root))!)}`
  );

describe("a large file whose meters lie here and there", () => {
  it("is put in order once, its rows as they were", async () => {
    const root = await tableOf("astray", made("'c'", true));
    const before = await total(root);
    expect(await optimize(duckdb, root, {order})).toEqual({filesBefore: 1, filesAfter: 1, ordered: 1});
    expect(await total(root)).toEqual(before);
    expect(await optimize(duckdb, root, {order})).toEqual({filesBefore: 1, filesAfter: 1, ordered: 0});
  });

  it("is so, too, where dictionaries gave each row group the bounds of all", async () => {
    await duckdb.run(
      `CREATE TYPE meter AS ENUM (SELECT DISTINCT format('m{:02d}', i) AS m FROM range(100) AS t(i) ORDER BY m)`
    );
    const root = await tableOf(
      "enum",
      `SELECT * REPLACE (CAST(meter_id AS meter) AS meter_id) FROM (${made("'c'", false)})`
    );
    expect(await optimize(duckdb, root, {order})).toMatchObject({ordered: 1});
  });
});

describe("a file in order", () => {
  it("is left alone, with one client or with several, and where there is no order", async () => {
    const root = await tableOf(
      "ordered",
      made("'c'", false),
      made(`CASE WHEN i < 200000 THEN 'a' ELSE 'b' END`, false)
    );
    const {files} = (await readSnapshot(duckdb, root))!;
    expect(files).toHaveLength(2);
    expect(await outOfOrder(duckdb, files, order)).toEqual([]);
    expect(await outOfOrder(duckdb, files, [])).toEqual([]);
    expect(await outOfOrder(duckdb, files, ["hour"])).toEqual([]);
  });
});
