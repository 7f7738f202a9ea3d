import {cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openWorkspace} from "../../pipelines/engines/workspace.js";
import {writeCsv} from "../../pipelines/exports/csv.js";
import {exportTables} from "../../pipelines/exports/export.js";
import {type Lakehouse, openLakehouse} from "../../pipelines/lakehouse.js";
import {runPipeline} from "../../pipelines/pipeline.js";

const duckdb = await openDuckDB();
let folder: string;
let lake: Lakehouse;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake it's-"));
  const home = join(folder, "lake");
  await cp("lake/landing/eliq", join(home, "landing", "eliq"), {recursive: true});
  await runPipeline({lake: home});
  lake = await openLakehouse(home, undefined, {files: true});
});
afterAll(async () => {
  await lake.close();
  await rm(folder, {recursive: true, force: true});
});

const rows = (sql: string) => duckdb.rows(sql.replaceAll("OUT", join(folder, "out").replaceAll("'", "''")));
const own = async (sql: string) => (await (await lake.stream(sql)).getRowObjectsJS()) as object[];
const out = () => join(folder, "out");

describe("an export", () => {
  it("to Parquet is a plain file a table, equal to the table", async () => {
    const exported = await exportTables(lake, out(), "parquet");
    // What has no data here is written as well, without rows.
    expect(exported.filter(({rows}) => rows > 0).map(({table, rows}) => [table, rows])).toEqual([
      ["gold.energy_day", 365],
      ["gold.energy_hour", 8760],
      ["gold.energy_month", 12],
      ["gold.load_profile", 576]
    ]);
    expect(await rows("SELECT * FROM 'OUT/gold.energy_day.parquet' ORDER BY local_date")).toEqual(
      await own("SELECT * FROM gold.energy_day ORDER BY local_date")
    );
  });

  it("to CSV reads back as the table", async () => {
    await exportTables(lake, out(), "csv", ["silver.reading"]);
    const text = await readFile(join(out(), "silver.reading.csv"), "utf8");
    expect(text.split("\r\n")).toHaveLength(8762);
    expect(text).toContain(",2022-10-30T00:00:00Z,60,2022-10-30,0.100000,split,");
    expect(
      await rows("SELECT sum(energy_kwh::DECIMAL(18,6)) AS kwh, count(*) AS n FROM 'OUT/silver.reading.csv'")
    ).toEqual(await own("SELECT sum(energy_kwh) AS kwh, count(*) AS n FROM silver.reading"));
  });

  it("to DuckDB is one file with tables, views and their descriptions", async () => {
    await exportTables(lake, out(), "duckdb");
    const file = await openDuckDB({path: join(out(), "wattlake.duckdb")});
    expect(await file.rows("SELECT count(*)::INT AS n, sum(energy_kwh)::DOUBLE AS kwh FROM gold.energy_hour")).toEqual([
      {n: 8760, kwh: 876}
    ]);
    expect(
      await file.rows(
        "SELECT view_name, comment <> '' AS told FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
      )
    ).toEqual([
      {view_name: "aggregate_per_half_hour", told: true},
      {view_name: "energy_hour", told: true}
    ]);
    expect(await file.rows("SELECT count(*)::INT AS n FROM duckdb_tables() WHERE comment IS NULL")).toEqual([{n: 0}]);
    file.close();
  });

  it("replaces the one before, and leaves no drafts", async () => {
    await exportTables(lake, out(), "duckdb");
    expect((await readdir(out())).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("that fails leaves what was there, and no drafts", async () => {
    await exportTables(lake, out(), "csv", ["gold.energy_month"]);
    const before = await readFile(join(out(), "gold.energy_month.csv"), "utf8");
    await rm(join(out(), "gold.energy_day.parquet"), {recursive: true, force: true});
    await mkdir(join(out(), "gold.energy_day.parquet"));
    await expect(exportTables(lake, out(), "parquet", ["gold.energy_day"])).rejects.toThrow();
    expect((await readdir(out())).filter((name) => name.includes(".tmp"))).toEqual([]);
    expect(await readFile(join(out(), "gold.energy_month.csv"), "utf8")).toBe(before);
    await rm(join(out(), "gold.energy_day.parquet"), {recursive: true});
  });

  it("to DuckDB is not mixed with the log of the file before", async () => {
    await writeFile(join(out(), "wattlake.duckdb.wal"), "what a reader that was killed left");
    await exportTables(lake, out(), "duckdb");
    const file = await openDuckDB({path: join(out(), "wattlake.duckdb")});
    expect(await file.rows("SELECT count(*)::INT AS n FROM gold.energy_day")).toEqual([{n: 365}]);
    file.close();
  });

  it.each([
    ["the lake's folder", "lake"],
    ["a table's", "lake/gold/energy_day"],
    ["one in it that isn't there, by a way around", "out/../lake/gold/new/folder"],
    ["one in it, by a link", "shortcut/new"]
  ])("refuses %s", async (_, path) => {
    await symlink(join(folder, "lake", "gold"), join(folder, "shortcut")).catch(() => {});
    const to = join(folder, path);
    await expect(exportTables(lake, to, "csv", ["gold.energy_month"])).rejects.toThrow(
      `export folder is in the lake: ${to}; write to a folder beside it, such as `
    );
    expect(await readdir(join(folder, "lake", "gold"))).not.toContain("new");
  });

  it("refuses a table that isn't there, by name", async () => {
    await expect(exportTables(lake, out(), "csv", ["gold.nothing"])).rejects.toThrow(
      /^table to export not found: gold.nothing; there are bronze/
    );
  });
});

describe("a CSV file", () => {
  it("has text that starts a formula made safe, numbers and everything else as they are", async () => {
    const workspace = await openWorkspace(duckdb);
    await workspace.define(
      "odd",
      `SELECT * FROM (VALUES ('=1+1', -1.5, NULL, TIMESTAMPTZ '2022-10-30 01:00:00.5+00', [1, 2]), ('a,"b"', 2, '', NULL, NULL), ('-x' || chr(10), 0, 'é', TIMESTAMPTZ '2022-10-30 01:00:00+00', []))
       AS t("=name", number, note, instant, list)`
    );
    const file = join(folder, "odd.csv");
    await writeCsv(workspace.connection, "odd", file);
    expect(await readFile(file, "utf8")).toBe(
      [
        "'=name,number,note,instant,list",
        `'=1+1,-1.5,,2022-10-30T01:00:00.500Z,"[1,2]"`,
        `"a,""b""",2.0,"",,`,
        `"'-x\n",0.0,é,2022-10-30T01:00:00Z,[]`,
        ""
      ].join("\r\n")
    );
    await workspace.close();
  });
});
