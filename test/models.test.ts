import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {scan} from "../pipelines/delta/scan.js";
import {readSnapshot} from "../pipelines/delta/snapshot.js";
import {stageRows} from "../pipelines/delta/stage.js";
import {replace} from "../pipelines/delta/write.js";
import {openDuckDB} from "../pipelines/engines/duckdb.js";
import type {RunResult} from "../pipelines/pipeline.js";
import {type TestLake, testLake} from "./support/lake.js";
import {modelsOf} from "./support/models_of.js";

/** A lake that four days came into, with the models as they are. */
let built: TestLake;
let lake: TestLake;
let sql: string;
beforeAll(async () => {
  built = await testLake();
  await built.land("eliq/1.parquet", [
    ["2022-05-01", 100],
    ["2022-05-02", 200],
    ["2022-05-03", 300],
    ["2022-05-09", 900]
  ]);
  await built.run();
});
afterAll(() => built.remove());
beforeEach(async () => {
  lake = await built.copy();
  sql = await mkdtemp(join(tmpdir(), "wattlake-sql-"));
  await cp(modelsOf(), sql, {recursive: true});
});
afterEach(async () => {
  await lake.remove();
  await rm(sql, {recursive: true, force: true});
});

const run = () => lake.run({sql});
const edit = async (file: string, change: (text: string) => string) =>
  writeFile(join(sql, file), change(await readFile(join(sql, file), "utf8")));
const write = async (file: string, text: string) => {
  await mkdir(join(sql, file, ".."), {recursive: true});
  await writeFile(join(sql, file), text);
};
const outcomes = ({tables}: RunResult) =>
  Object.fromEntries(
    tables
      .filter(({outcome}) => outcome !== "unchanged")
      .map(({table, outcome, scope}) => [table, `${outcome} ${scope}`])
  );

describe("a model's text", () => {
  it("can change its comments and layout without anything being rebuilt", async () => {
    await edit("gold/energy_day.sql", (text) =>
      text.replace("SELECT\n", "SELECT -- the day\n\n").replace(/^-- One row/, "-- A row")
    );
    const result = await run();
    expect(outcomes(result)).toEqual({});
    expect(result.tables.every(({scope}) => scope === "nothing")).toBe(true);
  });

  it("that changes rebuilds its table, and what depends on it as far as rows come out differently", async () => {
    await edit("gold/energy_day.sql", (text) =>
      text.replace(
        "CAST(energy_kwh AS DECIMAL(18, 6)) AS energy_kwh",
        "CAST(energy_kwh * 2 AS DECIMAL(18, 6)) AS energy_kwh"
      )
    );
    const result = await run();
    expect(outcomes(result)).toEqual({"gold.energy_day": "built all", "gold.energy_month": "built 2022-05"});
    expect(result.tables.find(({table}) => table === "gold.energy_day")!.reason).toBe("model text changed");
  });

  it("that changes without changing a row commits nothing, and isn't run again", async () => {
    await edit("gold/energy_month.sql", (text) =>
      text.replace("sum(days) AS present_days", "sum(days) + 0 AS present_days")
    );
    const result = await run();
    expect(outcomes(result)).toEqual({});
    expect(result.tables.find(({table}) => table === "gold.energy_month")!.scope).toBe("all");
    expect((await run()).tables.every(({scope}) => scope === "nothing")).toBe(true);
  });

  it("that gains a column gives the table that column, and older runs theirs", async () => {
    await write(
      "gold/total.sql",
      "-- All of a day.\n-- key: local_date\n-- increment: local_date\nSELECT local_date, CAST(sum(energy_kwh) AS DECIMAL(18, 6)) AS energy_kwh FROM gold.energy_day GROUP BY local_date"
    );
    await run();
    await edit("gold/total.sql", (text) => text.replace(" FROM", ", CAST(count(*) AS BIGINT) AS meters FROM"));
    expect(outcomes(await run())).toEqual({"gold.total": "built all"});
    const read = async (asOf?: number) =>
      lake.query("SELECT * FROM gold.total WHERE local_date = DATE '2022-05-01'", asOf);
    // The reader has the project's own models; a table it has no model of is read from its log.
    expect(await read()).toEqual([["2022-05-01", "2.400000", "1"]]);
    expect(await read(2)).toEqual([["2022-05-01", "2.400000"]]);
  });

  it("of a Bronze table that gains a column gives it to the rows that stand, and no file is taken in again", async () => {
    await edit("bronze/eliq_daily.sql", (text) =>
      text.replace(/\nFROM landing/, ",\n  CAST('new' AS VARCHAR) AS remark\nFROM landing")
    );
    await write(
      "gold/remark.sql",
      "-- One row a remark.\nSELECT remark, CAST(count(*) AS BIGINT) AS day_count FROM bronze.eliq_daily GROUP BY remark"
    );
    expect((await run()).complete).toBe(true);
    expect(await lake.query("SELECT * FROM gold.remark")).toEqual([[null, "4"]]);
    expect((await run()).tables.every(({outcome}) => outcome === "unchanged")).toBe(true);
    await lake.land("eliq/2.parquet", [["2022-05-10", 100]]);
    await run();
    expect(await lake.query("SELECT * FROM gold.remark ORDER BY ALL")).toEqual([
      ["new", "1"],
      [null, "4"]
    ]);
  });

  it("finds the settings of a lake that an older program made, and adds those that came since", async () => {
    const duckdb = await openDuckDB();
    const root = join(lake.folder, "bronze", "source");
    const standing = (await readSnapshot(duckdb, root))!;
    const columns = standing.columns.filter(({name}) => name !== "time_format");
    const target = {root, columns, partitionColumns: [], description: ""};
    const older = `SELECT ${columns.map(({name}) => name).join(", ")} FROM ${scan(standing)}`;
    const files = await stageRows(duckdb, older, target);
    expect(await replace(duckdb, standing, target, files, undefined, {info: {run: 1}})).toBe(true);
    duckdb.close();
    expect((await run()).complete).toBe(true);
    expect(await lake.query("SELECT DISTINCT time_format FROM bronze.source WHERE source = 'eliq'")).toEqual([["iso"]]);
  });
});

describe("a model that looks back", () => {
  it("rebuilds the dates after a changed one, as far as it looks", async () => {
    await write(
      "gold/trailing.sql",
      `-- The energy of a day and the two before it.
-- key: local_date
-- increment: local_date
-- lookback: 2 days
SELECT now_day.local_date, CAST(sum(then_day.energy_kwh) AS DECIMAL(18, 6)) AS energy_kwh
FROM gold.energy_day AS now_day
JOIN gold.energy_day AS then_day
  ON unix_date(then_day.local_date) BETWEEN unix_date(now_day.local_date) - 2 AND unix_date(now_day.local_date)
GROUP BY now_day.local_date`
    );
    const rows = () =>
      lake.query("SELECT CAST(local_date AS VARCHAR), energy_kwh FROM gold.trailing ORDER BY 1", "latest");
    await run();
    expect(await rows()).toEqual([
      ["2022-05-01", "2.400000"],
      ["2022-05-02", "7.200000"],
      ["2022-05-03", "14.400000"],
      ["2022-05-09", "21.600000"]
    ]);
    await lake.land("eliq/2.parquet", [["2022-05-01", 0]]);
    const second = await run();
    expect(second.tables.find(({table}) => table === "gold.trailing")!.scope).toEqual([
      "2022-05-01",
      "2022-05-02",
      "2022-05-03"
    ]);
    expect(await rows()).toEqual([
      ["2022-05-01", "0.000000"],
      ["2022-05-02", "4.800000"],
      ["2022-05-03", "12.000000"],
      ["2022-05-09", "21.600000"]
    ]);
  });
});

describe("a check", () => {
  const strict =
    "-- No day is above ten kWh.\n-- column: energy_kwh\nSELECT client_id, local_date, energy_kwh FROM gold.energy_day WHERE energy_kwh > 10";

  it("that fails leaves the published table as it was, blocks what depends on it, and lets the rest go on", async () => {
    await write("checks/gold.energy_day/small.sql", strict);
    await lake.land("eliq/2.parquet", [["2022-05-01", 1000]]);
    const result = await run();
    expect(result.complete).toBe(false);
    expect(outcomes(result)).toMatchObject({
      "silver.reading": "built 2022-05-01",
      "gold.energy_day": "failed 2022-05-01",
      "gold.energy_month": "blocked nothing",
      "quality.reconciliation": "built 2022-05-01"
    });
    const day = "SELECT CAST(energy_kwh AS VARCHAR) FROM gold.energy_day WHERE local_date = DATE '2022-05-01'";
    expect(await lake.query(day), "readers stay on the last complete run").toEqual([["2.400000"]]);
    expect(await lake.query(day, "latest")).toEqual([["2.400000"]]);
    expect(
      await lake.query(
        "SELECT run, table_name, check_name, severity, column_name, violations, examples FROM quality.check_failure WHERE severity = 'error'"
      )
    ).toEqual([
      [
        "2",
        "gold.energy_day",
        "small",
        "error",
        "energy_kwh",
        "1",
        '[{"client_id":"c1","local_date":"2022-05-01","energy_kwh":24.000000}]'.replace("24.000000", "24")
      ]
    ]);
    const mended = await lake.run();
    expect(mended.complete).toBe(true);
    expect(await lake.query(day)).toEqual([["24.000000"]]);
  });

  it("that warns publishes, and tells", async () => {
    await write("checks/gold.energy_day/small.sql", strict.replace("-- column", "-- severity: warn\n-- column"));
    await lake.land("eliq/2.parquet", [["2022-05-09", 800]]);
    const result = await run();
    expect(result.complete).toBe(true);
    expect(result.tables.find(({table}) => table === "gold.energy_day")!.failures).toMatchObject([
      {check: "small", severity: "warn", violations: 1}
    ]);
  });

  it("of the key finds a row that stands twice, and a part that is null", async () => {
    await write(
      "gold/odd.sql",
      "-- Odd.\n-- key: meter_id, n\nSELECT meter_id, CAST(NULL AS BIGINT) AS n FROM gold.energy_day"
    );
    const odd = (await run()).tables.find(({table}) => table === "gold.odd")!;
    expect(odd.outcome).toBe("failed");
    expect(odd.failures.map(({check, violations}) => [check, violations])).toEqual([
      ["key_not_null", 4],
      ["key", 1]
    ]);
  });
});
