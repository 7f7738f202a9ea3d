import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../../pipelines/engines/duckdb.js";
import {writeCity} from "../../../scripts/generate/city.js";

const committed = {landing: "lake/landing", truth: "lake/truth"};
const columns = `client_id, meter_id, location_id, fuel, channel, start, "end", resolution, value, unit, quality`;
const firstHomes = "location_id IN ('home-00001', 'home-00002', 'home-00003')";

let folder: string;
const duckdb = await openDuckDB();
const values = async (sql: string) => (await duckdb.rows(sql)).map((row) => Object.values(row));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-city-"));
  const options = {homes: 3, from: "2022-03-26", to: "2022-03-28", seed: 1, format: "csv"} as const;
  await writeCity(options, {landing: join(folder, "landing"), truth: join(folder, "truth")});
  // DuckDB wants the seconds of an instant, too.
  await duckdb.run("CREATE MACRO instant(start) AS CAST(regexp_replace(start, '^(.{16})', '\\1:00') AS TIMESTAMPTZ)");
  await duckdb.run(
    "CREATE MACRO is_asked(moment) AS moment >= TIMESTAMPTZ '2022-03-25 22:00:00+00' AND moment < TIMESTAMPTZ '2022-03-28 21:00:00+00'"
  );
  await duckdb.run(
    `CREATE VIEW made AS SELECT * FROM read_csv('${folder}/landing/intervals/*/*.csv.gz', all_varchar = true)`
  );
  await duckdb.run(`CREATE VIEW sample AS SELECT * FROM read_parquet('${committed.landing}/intervals/*/*.parquet')`);
  await duckdb.run(`CREATE VIEW truth AS SELECT * FROM read_parquet('${committed.truth}/*/*.parquet')`);
});
afterAll(async () => {
  duckdb.close();
  await rm(folder, {recursive: true});
});

describe("a city", () => {
  it("gives a home the same readings and parts however many homes and days are asked for, in either format", async () => {
    const made = await values(`SELECT ${columns} FROM made ORDER BY ALL`);
    expect(made).toEqual(
      await values(
        `SELECT ${columns} FROM sample WHERE ${firstHomes} AND resolution <> 'month' AND is_asked(instant(start)) ORDER BY ALL`
      )
    );
    expect(made.length).toBeGreaterThan(900);
    const parts = await values(`SELECT * FROM read_parquet('${folder}/truth/*/*.parquet') ORDER BY ALL`);
    expect(parts.length).toBe(3 * 71);
    expect(parts).toEqual(
      await values(`SELECT * FROM truth WHERE ${firstHomes} AND is_asked(hour_start) ORDER BY ALL`)
    );
  });

  it("has readings that are the sums of their parts, to the watt-hour", async () => {
    const [[hours, wrong, cars, panels]] = (await values(`
      WITH reading AS (
        SELECT DISTINCT location_id, channel, start, CAST(value AS DECIMAL(18, 6)) * CASE unit WHEN 'kWh' THEN 1000 ELSE 1 END AS wh
        FROM sample WHERE fuel = 'electricity' AND length(start) > 10
      ),
      hour AS (
        SELECT location_id, date_trunc('hour', instant(start)) AS hour_start,
          sum(CASE channel WHEN 'import' THEN wh WHEN 'export' THEN -wh ELSE 0 END) AS net_wh,
          sum(CASE channel WHEN 'production' THEN wh END) AS production_wh, count(DISTINCT channel) AS channels, count(*) AS readings
        FROM reading GROUP BY ALL
      ),
      whole AS (
        SELECT * FROM hour QUALIFY readings = max(readings) OVER (PARTITION BY location_id)
      )
      SELECT count(*), count(*) FILTER (net_wh <> base_wh + heating_wh + hot_water_wh + cooling_wh + ev_wh - truth.production_wh OR whole.production_wh <> truth.production_wh),
        count(*) FILTER (ev_wh > 0), count(whole.production_wh) FILTER (truth.production_wh > 0)
      FROM whole JOIN truth USING (location_id, hour_start)`)) as [bigint[]];
    expect(wrong).toBe(0n);
    expect(hours).toBeGreaterThan(9000n);
    expect(cars).toBeGreaterThan(100n);
    expect(panels).toBeGreaterThan(1000n);
  });

  it("has a day of 23 hours, gaps, late rows and rows twice, and nothing of what it is made of among what lands", async () => {
    expect(
      await values(
        "SELECT count(DISTINCT start) FROM made WHERE meter_id = 'home-00001-e' AND start LIKE '2022-03-27%'"
      )
    ).toEqual([[23n]]);
    const [[series, gaps, late, twice]] = (await values(`
      WITH told AS (SELECT *, filename LIKE '%_late.parquet' AS is_late FROM read_parquet('${committed.landing}/intervals/*/*.parquet', filename = true)),
      day AS (
        SELECT meter_id, channel, substr(start, 1, 10) AS date, count(DISTINCT start) AS present, bool_and(is_late) AS late, count(*) > count(DISTINCT start) AS twice
        FROM told WHERE length(start) > 10 GROUP BY ALL
      )
      SELECT count(DISTINCT meter_id || channel), count(*) FILTER (present < 21), count(*) FILTER (late), count(*) FILTER (twice) FROM day`)) as [
      bigint[]
    ];
    expect(series).toBe(16n);
    for (const odd of [gaps, late, twice]) expect(odd).toBeGreaterThan(0n);
    const names = (
      await values("SELECT DISTINCT name FROM parquet_schema('lake/landing/intervals/*/*.parquet')")
    ).flat();
    expect(names.filter((name) => /base|heating_wh|ev_wh/.test(String(name)))).toEqual([]);
  });

  it("says of each home what it is, and of one with a new car that it has one from that day on", async () => {
    const lines = async (file: string) =>
      (await readFile(join(committed.landing, "homes", file), "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const [homes, changed] = [await lines("profiles.jsonl"), await lines("profiles_changed.jsonl")];
    expect(homes.map(({location_id}) => location_id)).toEqual(
      Array.from({length: 10}, (_, home) => `home-${String(home + 1).padStart(5, "0")}`)
    );
    expect(changed.map(({location_id, valid_from, has_ev}) => [location_id, valid_from, has_ev])).toEqual([
      ["home-00008", "2022-03-11", true]
    ]);
    expect(homes[7].has_ev).toBe(false);
    expect(
      await values(
        "SELECT min(CAST(hour_start AS DATE)) >= DATE '2022-03-11', count(*) > 10 FROM truth WHERE location_id = 'home-00008' AND ev_wh > 0"
      )
    ).toEqual([[true, true]]);
  });

  it("refuses dates in the wrong order", async () => {
    const backwards = {homes: 1, from: "2022-03-28", to: "2022-03-26", seed: 1, format: "csv"} as const;
    await expect(writeCity(backwards, {landing: folder, truth: folder})).rejects.toThrow(
      "--to is before --from: 2022-03-26; give the later date"
    );
  });
});
