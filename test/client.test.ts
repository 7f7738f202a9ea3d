import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../pipelines/engines/duckdb.js";
import {exportTables} from "../pipelines/exports/export.js";
import {openLake} from "../pipelines/index.js";
import {openLakehouse} from "../pipelines/lakehouse.js";
import {command} from "./support/command.js";
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
  it("reads nothing but tables of the lake, for one client and for all", async () => {
    const all = await openLakehouse(lake.folder, undefined, {sql});
    const {file} = (await all.catalog.snapshot("gold.energy_day"))!.files[0]!;
    const attacks: readonly (readonly [attack: string, sentence: string])[] = [
      [`FROM read_parquet('${file}')`, "function not allowed: read_parquet"],
      [`FROM '${file}'`, "file not read: "],
      [`SELECT stats_min_value FROM parquet_metadata('${file}')`, "function not allowed: parquet_metadata"],
      [`FROM read_json('${lake.folder}/gold/energy_day/_delta_log/*.json')`, "function not allowed: read_json"],
      ["SELECT content FROM read_text('/etc/passwd')", "function not allowed: read_text"],
      ["FROM query('FROM silver.reading')", "function not allowed: query"],
      ["SELECT sql FROM duckdb_views()", "function not allowed: duckdb_views"],
      ["WITH RECURSIVE pg_views AS (FROM pg_views UNION ALL FROM pg_views) FROM pg_views", "table not found: pg_views"],
      ["SELECT stats(client_id) FROM gold.energy_day", "function not allowed: stats"],
      ["FROM information_schema.tables", "table not found: information_schema.tables"],
      ["FROM memory.gold.energy_day", "table not found: memory.gold.energy_day"],
      ["FROM temp.streamed", "table not found: temp.streamed"],
      ["FROM GOLD.ENERGY_DAY", "table not found: GOLD.ENERGY_DAY"],
      ["SELECT 1) TO '/tmp/x.csv'; --", "SQL not understood"]
    ];
    const one = await openLakehouse(lake.folder, undefined, {client: "c1", sql});
    for (const [attack, sentence] of attacks)
      for (const opened of [all, one]) await expect(opened.stream(attack)).rejects.toThrow(sentence);
    await all.close();
    await one.close();
  });

  it("has an engine that opens no file but the lake's, whatever SQL would get to it", async () => {
    const opened = await openLakehouse(lake.folder, undefined, {sql});
    await opened.stream("SELECT count(*) FROM gold.energy_day");
    const engine = opened.workspace.connection;
    for (const statement of [
      "FROM read_text('/etc/passwd')",
      `FROM read_csv('${lake.folder}/../x.csv')`,
      "COPY (SELECT 1) TO '/tmp/wattlake_written.csv'",
      "ATTACH '/tmp/wattlake_attached.db' AS attached",
      "INSTALL httpfs",
      "LOAD httpfs",
      "SET enable_external_access = true",
      "SET allowed_directories = ['/']",
      "SET memory_limit = '1TB'"
    ])
      await expect(engine.run(statement)).rejects.toThrow(/disabled|not found|Permission|locked|Cannot/i);
    await opened.close();
  });

  it("reads files where they are asked for, and never for one client", async () => {
    const file = join(lake.folder, "landing", "eliq", "both.parquet");
    const opened = await openLake(lake.folder, {files: true});
    expect(await opened.query(`SELECT count(*) AS n FROM read_parquet('${file}'), gold.energy_day`)).toEqual([{n: 16}]);
    expect(await opened.query(`SELECT count(*) AS n FROM '${file}'`)).toEqual([{n: 4}]);
    await expect(opened.query("FROM duckdb_views()")).rejects.toThrow("function not allowed: duckdb_views");
    await opened.close();
    await expect(openLake(lake.folder, {files: true, client: "c1"})).rejects.toThrow(
      "files are read for all clients together: leave out --files (files), or --client (client)"
    );
    const query = [
      "query",
      "SELECT count(*) AS n FROM read_parquet('FILE')".replace("FILE", file),
      "--lake",
      lake.folder
    ];
    expect(await command("lake", ...query, "--files", "--format", "csv")).toMatchObject({code: 0, out: "n\r\n4\r\n"});
    expect(await command("lake", ...query, "--files", "--client", "c1")).toMatchObject({code: 2, out: ""});
    const refused = await command("lake", ...query);
    expect(refused).toMatchObject({code: 1, out: ""});
    expect(refused.err).toContain("lake query --files");
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
