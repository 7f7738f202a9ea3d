import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {stageRows} from "../../pipelines/delta/stage.js";
import {append} from "../../pipelines/delta/write.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import {rowsOf} from "../../pipelines/models/relations.js";
import {type TestLake, testLake} from "../support/lake.js";

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake();
  const rows = [0, 1].map((hour) => `c1,m1,electricity,import,2022-07-01T0${hour}:00:00Z,60min,1.2,kWh`);
  await mkdir(join(lake.folder, "landing/intervals"));
  await writeFile(
    join(lake.folder, "landing/intervals/hours.csv"),
    ["client_id,meter_id,fuel,channel,start,resolution,value,unit", ...rows, ""].join("\n")
  );
  await lake.run();
});
afterAll(() => lake.remove());

/** Commits a copy of all rows of `bronze.interval_row` with other ids, as a program that let NUL in did. */
async function addRows(ids: {client: string; meter: string}) {
  const lakehouse = await openLakehouse(lake.folder);
  const {catalog} = lakehouse;
  const table = "bronze.interval_row";
  const standing = (await catalog.snapshot(table))!;
  const {partition, description} = catalog.models.get(table)!;
  const target = {root: catalog.root(table), columns: standing.columns, partitionColumns: partition, description};
  const rows = `SELECT * REPLACE (${ids.client} AS client_id, ${ids.meter} AS meter_id, row_number + 100 AS row_number) FROM (${await rowsOf(catalog, table)})`;
  await append(catalog.database, standing, target, await stageRows(catalog.database, rows, target), {info: {}});
  await lakehouse.close();
}

describe("a lake into which an id with NUL came", () => {
  it("is built whole, and the others' rows are there", async () => {
    await addRows({client: "'c' || chr(0) || '2'", meter: "'m' || chr(0)"});
    const {tables} = await lake.run();
    expect(tables.filter(({outcome}) => outcome === "failed" || outcome === "blocked")).toEqual([]);
    expect(
      await lake.query(
        "SELECT client_id, CAST(sum(energy_kwh) AS VARCHAR) FROM gold.energy_day GROUP BY ALL ORDER BY ALL"
      )
    ).toEqual([
      ["c\x002", "2.400000"],
      ["c1", "2.400000"]
    ]);
  });
});
