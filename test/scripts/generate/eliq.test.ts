import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, literal, openDuckDB} from "../../../pipelines/engines/duckdb.js";
import {type EliqOptions, writeEliqDays} from "../../../scripts/generate/eliq.js";

let connection: Connection;
let folder: string;
beforeAll(async () => {
  connection = await openDuckDB();
  folder = await mkdtemp(join(tmpdir(), "wattlake-generate-"));
  await generate("year");
});
afterAll(async () => {
  connection.close();
  await rm(folder, {recursive: true});
});

const options = {meters: 40, days: 365, start: "2022-01-01", seed: 1};

function generate(name: string, changed: Partial<EliqOptions> = {}) {
  return writeEliqDays(connection, {...options, to: join(folder, name), ...changed});
}

/** Rows of a SELECT over the files in `folder/name`, as `data`. */
function rowsOf(select: string, name = "year"): Promise<any[]> {
  return connection.rows(
    `WITH data AS (FROM read_parquet(${literal(join(folder, name, "*.parquet"))}, filename = true, file_row_number = true)) ${select}`
  );
}

describe("rows", () => {
  it("have the columns of the home assignment's file", async () => {
    const types = (of: string) => rowsOf(`SELECT column_name, column_type FROM (DESCRIBE FROM ${of})`);
    const sample = "read_parquet('lake/landing/eliq/home_assignment_raw_data.parquet')";
    expect(await types("(SELECT * EXCLUDE (filename, file_row_number) FROM data)")).toEqual(await types(sample));
  });

  it("are one a meter and day, in a file a month, by day and then meter", async () => {
    const [counts] = await rowsOf(
      `SELECT count(*) AS rows, count(DISTINCT (client_id, ext_dev_ref, date)) AS days, count(DISTINCT filename) AS files,
         bool_and(filename LIKE '%' || strftime(date, '%Y-%m') || '.parquet') AS by_month FROM data`
    );
    expect(counts).toEqual({rows: 40n * 365n, days: 40n * 365n, files: 12n, by_month: true});
    const disordered = `
      SELECT * FROM (
        SELECT date, lag(date, 1, DATE '2000-01-01') OVER file AS date_before, number, lag(number, 1, 0) OVER file AS number_before
        FROM (SELECT *, CAST(replace(ext_dev_ref, 'ext_device_', '') AS INTEGER) AS number FROM data)
        WINDOW file AS (PARTITION BY filename ORDER BY file_row_number)
      ) WHERE (date, number) <= (date_before, number_before)`;
    expect(await rowsOf(disordered)).toEqual([]);
  });

  it("have 24 hours, of which only the one that spring skips is empty", async () => {
    const empty = `
      SELECT DISTINCT CAST(date AS VARCHAR) AS date, list_position(energy_consumption, NULL) AS place
      FROM data WHERE list_count(energy_consumption) < 24`;
    expect(await rowsOf(empty)).toEqual([{date: "2022-03-27", place: 4}]);
    expect(await rowsOf("SELECT DISTINCT len(energy_consumption) AS values, resolution FROM data")).toEqual([
      {values: 24n, resolution: "60min"}
    ]);
  });

  it("hold both hours where autumn repeats one", async () => {
    const nights = `
      SELECT median(energy_consumption[4]) FILTER (date = '2022-10-30') / median(energy_consumption[4]) FILTER (date <> '2022-10-30') AS more
      FROM data WHERE date BETWEEN '2022-10-26' AND '2022-11-03'`;
    const [{more}] = await rowsOf(nights);
    expect(more).toBeGreaterThan(1.6);
    expect(more).toBeLessThan(2.4);
  });
});

describe("values", () => {
  it("add up to what households use in a year, some little and some much", async () => {
    const years = `
      SELECT min(kwh) AS least, median(kwh) AS median, max(kwh) AS most, count(DISTINCT kwh) AS different
      FROM (SELECT sum(list_sum(energy_consumption)) / 1000 AS kwh FROM data GROUP BY ext_dev_ref)`;
    const [{least, median, most, different}] = await rowsOf(years);
    expect(least).toBeGreaterThan(500);
    expect(median).toBeGreaterThan(1200);
    expect(median).toBeLessThan(4000);
    expect(most).toBeLessThan(15000);
    expect(different).toBe(40n);
  });

  it("are higher in the evening, in winter, and on a weekend's midday", async () => {
    const hours = `
      SELECT avg(value) FILTER (hour BETWEEN 18 AND 21) AS evening, avg(value) FILTER (hour BETWEEN 3 AND 5) AS night,
        avg(value) FILTER (month(date) = 1) AS january, avg(value) FILTER (month(date) = 7) AS july,
        avg(value) FILTER (hour BETWEEN 12 AND 15 AND isodow(date) > 5) AS weekend,
        avg(value) FILTER (hour BETWEEN 12 AND 15 AND isodow(date) < 6) AS weekday
      FROM (SELECT date, unnest(energy_consumption) AS value, unnest(range(24)) AS hour FROM data)`;
    const [{evening, night, january, july, weekend, weekday}] = await rowsOf(hours);
    expect(evening).toBeGreaterThan(1.5 * night);
    expect(january).toBeGreaterThan(1.2 * july);
    expect(weekend).toBeGreaterThan(1.2 * weekday);
  });
});

describe("a seed", () => {
  const bytesOf = async (name: string) => readFile(join(folder, name, "2022-03.parquet"));

  it("gives the same files again, to the byte", async () => {
    await generate("again");
    expect((await bytesOf("again")).equals(await bytesOf("year"))).toBe(true);
  });

  it("gives a day the same values however many meters and days are asked for", async () => {
    await generate("few", {meters: 3, days: 20, start: "2022-03-20"});
    const first =
      "SELECT * EXCLUDE (filename, file_row_number) FROM data WHERE date = '2022-03-27' AND ext_dev_ref = 'ext_device_3'";
    expect(await rowsOf(first, "few")).toEqual(await rowsOf(first));
  });

  it("gives other values when it is another", async () => {
    await generate("other", {seed: 2, days: 90});
    const total = "SELECT sum(list_sum(energy_consumption)) AS wh FROM data WHERE date < '2022-03-01'";
    expect(await rowsOf(total, "other")).not.toEqual(await rowsOf(total));
  });
});
