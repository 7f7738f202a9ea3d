import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openWorkspace} from "../../pipelines/engines/workspace.js";
import {writeDuckDB} from "../../pipelines/exports/duckdb.js";

const day = `SELECT * FROM (VALUES ('k''s', DATE '2022-03-27', 2.300000::DECIMAL(18, 6), TIMESTAMPTZ '2022-03-26 22:00:00+00', [1, NULL]::BIGINT[]), ('é', NULL, -0.000001, NULL, NULL)) AS t(meter_id, local_date, energy_kwh, starts_at, raw)`;
const doubled = "SELECT meter_id, twice(energy_kwh) AS twice FROM gold.energy_day";
const macro = "CREATE OR REPLACE MACRO twice(kwh) AS list_sum(list_transform([1, 1], lambda factor: factor * kwh))";

let folder: string;
let file: string;
let elsewhere: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake it's-"));
  file = join(folder, "wattlake.duckdb");
  const database = await openDuckDB({threads: 2});
  await database.run(macro);
  const workspace = await openWorkspace(database);
  await workspace.define("gold.energy_day", day);
  await workspace.define("gold.doubled", doubled);
  const entries = [
    {name: "gold.energy_day", description: "A day's energy; it's in kWh."},
    {name: "gold.doubled", description: "Twice as much.", view: doubled}
  ];
  await writeDuckDB(workspace.connection, entries, [macro], file);
  await workspace.close();
  database.close();

  // Under another name than its own, as who attaches it may choose.
  elsewhere = await openDuckDB({threads: 2});
  await elsewhere.run(`ATTACH ${literal(file)} AS "some name" (READ_ONLY)`);
});
afterAll(async () => {
  elsewhere.close();
  await rm(folder, {recursive: true, force: true});
});

describe("a DuckDB file", () => {
  it("has the tables' rows with their types", async () => {
    const table = `SELECT * FROM "some name".gold.energy_day`;
    expect(await elsewhere.rows(`(${table}) EXCEPT ALL (${day})`)).toEqual([]);
    expect(await elsewhere.rows(`(${day}) EXCEPT ALL (${table})`)).toEqual([]);
    expect((await elsewhere.rows(`DESCRIBE ${table}`)).map(({column_type}) => column_type)).toEqual([
      "VARCHAR",
      "DATE",
      "DECIMAL(18,6)",
      "TIMESTAMP WITH TIME ZONE",
      "BIGINT[]"
    ]);
  });

  it("has views that read its own tables and call its own functions, whatever it is attached as", async () => {
    expect(
      await elsewhere.rows(`SELECT meter_id, twice::VARCHAR AS twice FROM "some name".gold.doubled ORDER BY meter_id`)
    ).toEqual([
      {meter_id: "k's", twice: "4.600000"},
      {meter_id: "é", twice: "-0.000002"}
    ]);
  });

  it("says what each is", async () => {
    expect(
      await elsewhere.rows(
        `SELECT table_name AS name, comment FROM duckdb_tables() WHERE NOT internal
         UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal`
      )
    ).toEqual([
      {name: "energy_day", comment: "A day's energy; it's in kWh."},
      {name: "doubled", comment: "Twice as much."}
    ]);
  });

  it("is stored so that every DuckDB since 1.0 reads it", async () => {
    expect(
      await elsewhere.rows(`SELECT tags::VARCHAR AS tags FROM duckdb_databases() WHERE database_name = 'some name'`)
    ).toEqual([{tags: "{storage_version=v1.0.0+}"}]);
  });
});
