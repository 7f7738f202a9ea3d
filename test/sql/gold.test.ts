import {readFile} from "node:fs/promises";
import fc from "fast-check";
import {afterAll, describe, expect, it} from "vitest";
import {arrive, build, type DayRow, type IntervalRow, openTables, type SourceRow} from "./tables.js";

const duckdb = await openTables();
afterAll(() => duckdb.close());

const landing = "lake/landing/eliq/home_assignment_raw_data.parquet";
const sources: SourceRow[] = [
  {source: "eliq"},
  {source: "elexon", policy: "variable_length"},
  {source: "utc", policy: "utc", unit: "kWh"},
  {source: "kathmandu", tz: "Asia/Kathmandu", policy: "utc", unit: "kWh"},
  {source: "london", tz: "Europe/London"}
];
const same = (count: number, value: number | null) => Array.from({length: count}, () => value);

describe("the home assignment's file", async () => {
  await arrive(duckdb, {sources: [{source: "eliq", max_kwh_per_hour: 100_000}]});
  await duckdb.run(
    `INSERT INTO bronze.eliq_daily SELECT client_id, date, ext_dev_ref, energy_consumption, resolution, 'eliq', 1, 'file', 'sha',
       row_number() OVER (), now() FROM '${landing}'`
  );
  await build(duckdb);
  const one = async (sql: string) => (await duckdb.rows(sql))[0];
  const hours = await one(
    `SELECT count(*) AS readings, count(DISTINCT interval_start) AS starts, CAST(min(interval_start) AS VARCHAR) AS first, CAST(max(interval_start) AS VARCHAR) AS last,
       CAST(min(energy_kwh) AS VARCHAR) AS least, CAST(max(energy_kwh) AS VARCHAR) AS most, CAST(sum(energy_kwh) AS VARCHAR) AS total,
       count(*) FILTER (quality = 'split') AS split FROM silver.reading`
  );
  const days = await duckdb.rows(
    "SELECT CAST(local_date AS VARCHAR) AS date, CAST(energy_kwh AS VARCHAR) AS kwh, present_intervals AS hours, CAST(load_factor AS VARCHAR) AS load_factor FROM gold.energy_day ORDER BY date"
  );
  const account = await one(
    `SELECT CAST(sum(values_in) AS INTEGER) AS values_in, CAST(sum(placed_values) AS INTEGER) AS placed, CAST(sum(readings) AS INTEGER) AS readings,
       CAST(sum(split_values) AS INTEGER) AS split, CAST(sum(nonexistent) AS INTEGER) AS nonexistent, CAST(sum(missing) AS INTEGER) AS missing,
       CAST(sum(rejected) AS INTEGER) AS rejected, CAST(sum(superseded) AS INTEGER) AS superseded, CAST(sum(energy_in_kwh) AS VARCHAR) AS energy_in,
       CAST(sum(energy_placed_kwh) AS VARCHAR) AS energy_placed FROM quality.reconciliation`
  );
  const months = await duckdb.rows(
    "SELECT month, CAST(energy_kwh AS VARCHAR) AS kwh FROM gold.energy_month ORDER BY month"
  );
  const profile = await one(
    "SELECT CAST(sum(hours) AS INTEGER) AS hours, count(DISTINCT mean_kwh) AS means FROM gold.load_profile"
  );

  it("gives 8,760 contiguous hours of 100 Wh", () => {
    expect(hours).toEqual({
      ...{readings: 8760n, starts: 8760n, first: "2021-12-31 22:00:00+00", last: "2022-12-31 21:00:00+00"},
      ...{least: "0.100000", most: "0.100000", total: "876.000000", split: 2n}
    });
  });

  it("gives 23 hours in the spring, 25 in the autumn and 24 on the other 363 days", () => {
    const shifted = days.filter(({kwh}) => kwh !== "2.400000");
    expect(days.length).toBe(365);
    expect(shifted).toEqual([
      {date: "2022-03-27", kwh: "2.300000", hours: 23, load_factor: "1.000000"},
      {date: "2022-10-30", kwh: "2.500000", hours: 25, load_factor: "1.000000"}
    ]);
  });

  it("accounts for every value and every Wh", () => {
    expect(account).toEqual({
      ...{
        values_in: 8760,
        placed: 8759,
        readings: 8760,
        split: 1,
        nonexistent: 1,
        missing: 0,
        rejected: 0,
        superseded: 0
      },
      ...{energy_in: "876.000000", energy_placed: "876.000000"}
    });
  });

  it("adds months by local date, and profiles every hour", () => {
    expect(months.map(({kwh}) => kwh)).toEqual(
      [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map((days, index) =>
        ((days * 24 + (index === 2 ? -1 : index === 9 ? 1 : 0)) / 10).toFixed(6)
      )
    );
    expect(profile).toEqual({hours: 8760, means: 1n});
  });
});

describe("gold", () => {
  async function gold(days: DayRow[], intervals: IntervalRow[] = []) {
    await arrive(duckdb, {sources, days, intervals});
    await build(duckdb);
    return duckdb.rows(
      `SELECT meter_id AS meter, CAST(energy_kwh AS VARCHAR) AS kwh, CAST(peak_kw AS VARCHAR) AS peak, CAST(load_factor AS VARCHAR) AS load_factor,
         expected_intervals AS expected, present_intervals AS present, CAST(completeness AS VARCHAR) AS completeness FROM gold.energy_day ORDER BY meter, local_date`
    );
  }
  const plain = {source: "eliq", date: "2022-07-01"};

  it("takes the finer of two resolutions, in hours, days, months and profiles", async () => {
    const days = await gold([
      {...plain, values: same(24, 1000)},
      {...plain, resolution: "15min", values: same(96, 300)},
      {...plain, date: "2022-07-02", values: same(24, 1000)}
    ]);
    expect(days.map(({kwh, peak, expected}) => [kwh, peak, expected])).toEqual([
      ["28.800000", "1.200000", 96],
      ["24.000000", "1.000000", 24]
    ]);
    const hours = await duckdb.rows(
      "SELECT CAST(energy_kwh AS VARCHAR) AS kwh, count(*) AS hours FROM gold.energy_hour GROUP BY kwh ORDER BY kwh"
    );
    expect(hours).toEqual([
      {kwh: "1.000000", hours: 24n},
      {kwh: "1.200000", hours: 24n}
    ]);
    expect(await duckdb.rows("SELECT CAST(energy_kwh AS VARCHAR) AS kwh, present_days FROM gold.energy_month")).toEqual(
      [{kwh: "52.800000", present_days: 2}]
    );
  });

  it("has no load factor on an incomplete day or without a peak", async () => {
    const days = await gold([
      {...plain, meter: "a", values: [null, ...same(23, 1000)]},
      {...plain, meter: "b", values: same(24, 0)},
      {...plain, meter: "c", values: [2000, ...same(23, 1000)]},
      {source: "elexon", meter: "d", date: "2022-10-30", values: [2000, ...same(24, 1000)]}
    ]);
    expect(days).toEqual([
      {
        meter: "a",
        kwh: "23.000000",
        peak: "1.000000",
        load_factor: null,
        expected: 24,
        present: 23,
        completeness: "0.958333"
      },
      {
        meter: "b",
        kwh: "0.000000",
        peak: "0.000000",
        load_factor: null,
        expected: 24,
        present: 24,
        completeness: "1.000000"
      },
      {
        meter: "c",
        kwh: "25.000000",
        peak: "2.000000",
        load_factor: "0.520833",
        expected: 24,
        present: 24,
        completeness: "1.000000"
      },
      {
        meter: "d",
        kwh: "26.000000",
        peak: "2.000000",
        load_factor: "0.520000",
        expected: 25,
        present: 25,
        completeness: "1.000000"
      }
    ]);
  });

  it("keeps UTC's hours in Kathmandu, where they begin at :45", async () => {
    const intervals = Array.from({length: 24}, (_, hour) => {
      const at = new Date(Date.UTC(2022, 5, 30, 19 + hour)).toISOString().slice(0, 16);
      return {source: "kathmandu", label: `${at}Z`, value: "1"};
    });
    expect(await gold([], intervals)).toMatchObject([
      {kwh: "24.000000", expected: 24, present: 24, load_factor: "1.000000"}
    ]);
    const [first] = await duckdb.rows(
      "SELECT CAST(hour_start AS VARCHAR) AS start, local_hour FROM gold.energy_hour ORDER BY hour_start LIMIT 1"
    );
    expect(first).toEqual({start: "2022-06-30 19:00:00+00", local_hour: 0});
  });

  it("profiles what plain sorting profiles", async () => {
    const pool = fc.array(fc.nat(5000), {minLength: 24 * 7, maxLength: 24 * 7});
    await fc.assert(
      fc.asyncProperty(pool, async (values) => {
        const dates = Array.from({length: 7}, (_, day) => `2022-07-0${day + 1}`);
        await gold(dates.map((date, day) => ({source: "eliq", date, values: values.slice(day * 24, day * 24 + 24)})));
        const rows = await duckdb.rows(
          `SELECT day_type, local_hour, hours, CAST(mean_kwh * 1000000 AS INTEGER) AS mean, CAST(p10_kwh * 1000 AS INTEGER) AS p10,
             CAST(median_kwh * 1000 AS INTEGER) AS median, CAST(p90_kwh * 1000 AS INTEGER) AS p90 FROM gold.load_profile ORDER BY day_type, local_hour`
        );
        const expected = (["weekday", "weekend"] as const).flatMap((day_type) =>
          Array.from({length: 24}, (_, local_hour) => {
            // 2022-07-01 was a Friday.
            const days = dates
              .map((_, day) => day)
              .filter((day) => (day === 1 || day === 2) === (day_type === "weekend"));
            const hour = days.map((day) => values[day * 24 + local_hour]!).sort((a, b) => a - b);
            const mean = Math.floor(
              (2 * 1000 * hour.reduce((sum, value) => sum + value, 0) + hour.length) / (2 * hour.length)
            );
            const at = (share: number) => hour[Math.ceil(share * hour.length) - 1];
            return {
              day_type,
              local_hour,
              hours: BigInt(hour.length),
              mean,
              p10: at(0.1),
              median: at(0.5),
              p90: at(0.9)
            };
          })
        );
        expect(rows).toEqual(expected);
      }),
      {numRuns: 5, endOnFailure: true}
    );
  });
});

describe("the key of silver.reading", () => {
  const violations = async (days: DayRow[], intervals: IntervalRow[] = []) => {
    await arrive(duckdb, {sources, days, intervals});
    await build(duckdb);
    return duckdb.rows(await readFile("sql/checks/silver.reading/key.sql", "utf8"));
  };
  const day = {date: "2022-07-01", values: same(24, 1)};

  it.each<[string, DayRow[], IntervalRow[], number]>([
    [
      "holds for days of one zone",
      [
        {source: "eliq", ...day},
        {source: "eliq", ...day, date: "2022-07-02"}
      ],
      [],
      0
    ],
    [
      "holds for a series at two resolutions",
      [
        {source: "eliq", ...day},
        {source: "eliq", ...day, resolution: "30min", values: same(48, 1)}
      ],
      [],
      0
    ],
    [
      "holds where two zones tell different meters",
      [
        {source: "eliq", ...day},
        {source: "london", ...day, meter: "b"}
      ],
      [],
      0
    ],
    [
      "fails where two zones' days of a meter overlap",
      [
        {source: "eliq", ...day},
        {source: "london", ...day, date: "2022-06-30"}
      ],
      [],
      2
    ],
    [
      "fails where a label and an array tell one hour",
      [{source: "eliq", ...day}],
      [{source: "utc", label: "2022-07-01T05:00Z", value: "1"}],
      1
    ],
    [
      "holds where a label tells an hour that the array doesn't",
      [{source: "eliq", ...day}],
      [{source: "utc", label: "2022-07-02T05:00Z", value: "1"}],
      0
    ]
  ])("%s", async (_, days, intervals, count) => {
    expect((await violations(days, intervals)).length).toBe(count);
  });
});
