import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../pipelines/engines/duckdb.js";
import {exportTables} from "../pipelines/exports/export.js";
import {openLakehouse} from "../pipelines/lakehouse.js";
import {lakeAt, type TestLake, testLake} from "./support/lake.js";
import {modelsOf} from "./support/models_of.js";

const sql = modelsOf("eliq_daily", "interval_row", "telemetry", "telemetry_device");
let lake: TestLake;

/** Two clients with a meter of the same name each, in one file; and the telemetry of a third. */
beforeAll(async () => {
  lake = await testLake(sql);
  await landDays("eliq/both.parquet", [
    ["c1", "2022-05-01", 100],
    ["c1", "2022-05-02", 100],
    ["c2", "2022-05-02", 300],
    ["c2", "2022-05-03", 300]
  ]);
  const folder = join(lake.folder, "landing", "telemetry", "2025", "08", "01", "site_1");
  await mkdir(folder, {recursive: true});
  const record = {
    ts_utc: "2025-08-01T00:00:00Z",
    device_id: "d1",
    site_id: "site_1",
    power_w: 5,
    energy_wh: 1,
    voltage_v: 230,
    current_a: 1,
    temperature_c: 20,
    soc_percent: 50,
    status: "OK"
  };
  await writeFile(join(folder, "d1.jsonl"), `${JSON.stringify(record)}\n`);
  await lake.run();
});
afterAll(() => lake.remove());

async function landDays(path: string, days: readonly (readonly [client: string, date: string, wattHours: number])[]) {
  const file = join(lake.folder, "landing", path);
  await mkdir(join(file, ".."), {recursive: true});
  const duckdb = await openDuckDB();
  const rows = days.map(([client, date, wattHours]) => `('${client}', DATE '${date}', 'm1', ${wattHours})`);
  await duckdb.run(
    `COPY (SELECT client_id, date, ext_dev_ref, list_transform(range(24), lambda hour: CAST(wh AS BIGINT)) AS energy_consumption, '60min' AS resolution
           FROM (VALUES ${rows.join(", ")}) AS t(client_id, date, ext_dev_ref, wh)) TO ${literal(file)} (FORMAT parquet)`
  );
  duckdb.close();
}

async function readAs<T>(
  client: string,
  work: (rows: (select: string) => Promise<unknown[][]>, tables: () => Promise<string[]>) => Promise<T>
): Promise<T> {
  const opened = await openLakehouse(lake.folder, undefined, {client, sql});
  try {
    return await work(async (select) => (await opened.stream(select)).getRowsJson(), opened.tables);
  } finally {
    await opened.close();
  }
}

describe("a lake opened for one client", () => {
  it.each([
    ["a file by a function", "FROM read_parquet('FILE')", "function not allowed: read_parquet"],
    ["a file by its path", "FROM 'FILE'", "table not found: "],
    ["a file of the machine", "SELECT content FROM read_text('/etc/passwd')", "function not allowed: read_text"],
    ["a file in a subquery", "SELECT (SELECT count(*) FROM read_blob('FILE'))", "function not allowed: read_blob"],
    ["a file in a common table", "WITH t AS (FROM glob('/*')) FROM t", "function not allowed: glob"],
    [
      "a file in a part of a union",
      "SELECT 1 UNION ALL SELECT 1 FROM sniff_csv('FILE')",
      "function not allowed: sniff_csv"
    ],
    ["a file's statistics", "FROM parquet_metadata('FILE')", "function not allowed: parquet_metadata"],
    ["SQL in a text", "FROM query('FROM silver.reading')", "function not allowed: query"],
    ["a table by a text", "FROM query_table('silver.reading')", "function not allowed: query_table"],
    [
      "a serialized SELECT",
      "FROM json_execute_serialized_sql('{}')",
      "function not allowed: json_execute_serialized_sql"
    ],
    ["the SELECTs behind the tables", "SELECT sql FROM duckdb_views()", "function not allowed: duckdb_views"],
    ["the same by a view", "SELECT sql FROM duckdb_views", "table not found: duckdb_views"],
    ["the engine's settings", "FROM duckdb_settings()", "function not allowed: duckdb_settings"],
    ["a list of all tables", "FROM information_schema.tables", "table not found: information_schema.tables"],
    ["a list by SHOW", "FROM (SHOW ALL TABLES)", "SHOW not allowed"],
    ["another catalog", "FROM memory.gold.energy_day", "table not found: memory.gold.energy_day"],
    ["what another query left", "FROM temp.streamed", "table not found: temp.streamed"],
    ["a name in capitals", "FROM GOLD.ENERGY_DAY", "table not found: GOLD.ENERGY_DAY"]
  ])("refuses %s", async (_, attack, sentence) => {
    const opened = await openLakehouse(lake.folder, undefined, {sql});
    const {file} = (await opened.catalog.snapshot("gold.energy_day"))!.files[0]!;
    await opened.close();
    await readAs("c1", async (rows) => {
      await expect(rows(attack.replace("FILE", file))).rejects.toThrow(sentence);
    });
  });

  it("answers with functions that make rows from their arguments alone", async () => {
    await readAs("c1", async (rows) => {
      expect(await rows("SELECT DISTINCT client_id FROM gold.energy_day, range(2), unnest([1, 2])")).toEqual([["c1"]]);
      expect(await rows("WITH t AS (FROM gold.energy_day) SELECT count(*) FROM t, generate_series(1, 3)")).toEqual([
        ["6"]
      ]);
    });
  });

  it("shows its rows alone, in tables and in views", () =>
    readAs("c2", async (rows) => {
      expect(await rows("SELECT client_id, local_date, energy_kwh FROM gold.energy_day ORDER BY ALL")).toEqual([
        ["c2", "2022-05-02", "7.200000"],
        ["c2", "2022-05-03", "7.200000"]
      ]);
      expect(await rows("SELECT DISTINCT client_id, count(*) FROM gold.energy_hour GROUP BY ALL")).toEqual([
        ["c2", "48"]
      ]);
      expect(await rows("SELECT DISTINCT client_id FROM bronze.eliq_daily")).toEqual([["c2"]]);
    }));

  it("shows what is nobody's whole, such as the calendar", () =>
    readAs("c1", async (rows) => {
      expect(await rows("SELECT count(DISTINCT local_date) FROM silver.slot WHERE year = 2022")).toEqual([["365"]]);
    }));

  it("refuses what several clients' rows went into that doesn't say whose they are, and another's", () =>
    readAs("c1", async (rows, tables) => {
      await expect(rows("SELECT * FROM silver.day_fate")).rejects.toThrow(
        "table not shown to one client: silver.day_fate; rows of several clients went into it, and it doesn't say whose they are"
      );
      await expect(rows("SELECT 1 FROM gold.energy_day, gold.site_day")).rejects.toThrow(
        "gold.site_day; it is of telemetry"
      );
      await expect(rows("SELECT * FROM quality.check_failure")).rejects.toThrow("it tells of all clients");
      const seen = await tables();
      expect(seen).toContain("gold.energy_day");
      for (const table of ["silver.day_fate", "gold.site_day", "ops.run"]) expect(seen).not.toContain(table);
    }));

  it("shows a client whose files say nothing of it what was made of them", () =>
    readAs("telemetry", async (rows) => {
      expect(await rows("SELECT site_id, record_count FROM gold.site_day")).toEqual([["site_1", "1"]]);
      expect(await rows("SELECT count(*) FROM gold.energy_day")).toEqual([["0"]]);
    }));

  it("says of a client that it doesn't know which it knows", async () => {
    await expect(openLakehouse(lake.folder, undefined, {client: "c3", sql})).rejects.toThrow(
      "client not found: c3; the lake has c1, c2, smart-meter, telemetry"
    );
  });

  it("exports its rows alone, of the tables that it may see", async () => {
    const opened = await openLakehouse(lake.folder, undefined, {client: "c2", sql});
    const folder = await mkdtemp(join(tmpdir(), "wattlake-export-"));
    const exported = await exportTables(opened, folder, "csv");
    await expect(exportTables(opened, folder, "csv", ["gold.site_day"])).rejects.toThrow("table to export not found");
    await opened.close();
    expect(exported.map(({table}) => table)).not.toContain("gold.site_day");
    const days = await readFile(join(folder, "gold.energy_day.csv"), "utf8");
    expect(days).toContain("c2");
    expect(days).not.toContain("c1");
    await rm(folder, {recursive: true});
  });
});

describe("a backfill of one client", () => {
  const rebuilt = (tables: Awaited<ReturnType<TestLake["run"]>>["tables"]) =>
    Object.fromEntries(tables.filter(({scope}) => scope !== "nothing").map(({table, scope}) => [table, scope]));

  it("rebuilds the dates on which the client has rows, and leaves all rows as they were", async () => {
    const before = await lake.digest();
    const {tables} = await lake.run({client: "c2", from: "2022-05-01"});
    const scopes = rebuilt(tables);
    expect(scopes["silver.reading"]).toEqual(["2022-05-02", "2022-05-03"]);
    expect(scopes["gold.energy_day"]).toEqual(["2022-05-02", "2022-05-03"]);
    expect(scopes["silver.slot"]).toBeUndefined();
    expect(scopes["gold.site_day"]).toBeUndefined();
    expect(await lake.digest()).toEqual(before);
    const plan = await lakeAt(lake.folder, sql).preview({client: "c1", to: "2022-05-31"});
    expect(plan.tables.find(({table}) => table === "silver.meter_day")!.scope).toEqual(["2022-05-01", "2022-05-02"]);
  });

  it("refuses a client that there isn't, before anything is built", async () => {
    await expect(lake.run({client: "c9", from: "2022-05-01"})).rejects.toThrow("client not found: c9");
  });
});
