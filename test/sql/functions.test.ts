import fc from "fast-check";
import {afterAll, describe, expect, it} from "vitest";
import {openTables} from "./tables.js";

const duckdb = await openTables();
afterAll(() => duckdb.close());

const value = async (expression: string) => {
  const [row] = await duckdb.rows<{value: string | null}>(`SELECT CAST(${expression} AS VARCHAR) AS value`);
  return row!.value;
};

describe("the functions of every engine", () => {
  it.each([
    ["ratio(1, 3)", "0.333333"],
    ["ratio(2, 3)", "0.666667"],
    ["ratio(1, 2000000)", "0.000001"],
    ["ratio(5000000000000000, 7000000000000000)", "0.714286"],
    ["ratio(5000000000000000000, 9000000000000000000)", "0.555556"],
    ["ratio(1, 0)", null],
    ["rounded_quotient(5, 2)", "3"],
    ["rounded_quotient(4, 3)", "1"],
    ["quotient(5, 2)", "2"],
    ["whole_number('12', NULL)", "12"],
    ["whole_number('4.00E+05', NULL)", "400000"],
    ["whole_number('1.5', NULL)", null],
    ["whole_number('twelve', NULL)", null],
    ["ln_of(10)", "2.302585093"],
    ["exp_of(ln_of(31))", "31.000000"],
    ["mean_of_logs(ln_of(2) + ln_of(8), 2)", "1.386294362"],
    ["deviation_of_logs(CAST(6 AS DECIMAL(18, 9)), CAST(14 AS DECIMAL(38, 18)), 3)", "1.000000000"],
    ["mean_of_logs(-(ln_of(2) + ln_of(8)), 2)", "-1.386294361"],
    ["deviation_of_logs(ln_of(2), ln_of(2) * ln_of(2), 1)", null],
    // Vilnius to Kaunas; across the date line; the other side of the earth, half of 2 x pi x 6371.0088 km.
    ["distance_km(54.687157, 25.279652, 54.898521, 23.903597)", "91.291"],
    ["distance_km(0, 179.5, 0, -179.5)", "111.195"],
    ["distance_km(90, 0, -90, 0)", "20015.114"],
    ["kw(CAST(0.25 AS DECIMAL(18, 6)), 15)", "1.000000"],
    ["kw(CAST(1 AS DECIMAL(18, 6)), 90)", "0.666667"],
    ["unscaled_text(scaled([1, NULL, 30], 1000), 1000)", "[1,null,30]"],
    ["present_count([1, NULL, 30])", "2"],
    ["array_total([1, NULL, 30])", "31"],
    [
      "local_minutes(unix_minutes(TIMESTAMPTZ '2022-07-01 00:00:00+00'), 'Europe/Vilnius') - unix_minutes(TIMESTAMPTZ '2022-07-01 00:00:00+00')",
      "180"
    ]
  ])("%s is %s", async (expression, expected) => {
    expect(await value(expression)).toBe(expected);
  });

  it.each([
    ["2024-01-31T01:00", "iso", "2024-01-31T01:00"],
    ["2024-01-31 01:00:00", "iso", "2024-01-31T01:00"],
    ["2024-01-31  01:00:00 ", "iso", "2024-01-31T01:00"],
    [" 2024-01-31t01:00:00.000z", "iso", "2024-01-31T01:00Z"],
    ["2024-10-27 00:00:00 +0200", "iso", "2024-10-27T00:00+02:00"],
    ["2024-10-27T00:00+02", "iso", "2024-10-27T00:00+02:00"],
    ["2024-10-27T00:00:12.50-05:30", "iso", "2024-10-27T00:00:12.5-05:30"],
    ["20240131T0100", "iso", "2024-01-31T01:00"],
    ["20240131T010015Z", "iso", "2024-01-31T01:00:15Z"],
    ["20240131", "iso", "2024-01-31"],
    ["2024-01", "iso", "2024-01"],
    ["2024-13", "iso", null],
    ["2024-02-30", "iso", null],
    ["2024-02-30 01:00", "iso", null],
    ["2024-02-30T01:00:00Z", "iso", null],
    ["1616886000000", "iso", null],
    ["1616886000", "iso", null],
    ["31/01/2024 00:30", "iso", null],
    ["2024/1/5 0:30", "iso", "2024-01-05T00:30"],
    ["2024/1-5 0:30", "iso", null],
    ["2024-01-31 24:00", "iso", "2024-01-31T24:00"],
    ["2024-01-31 24:30", "iso", null],
    ["2024-01-31 25:00", "iso", null],
    ["2024-01-31 3", "iso", "2024-01-31T03:00"],
    ["2024-01-31 03:60", "iso", null],
    ["2024-01-31 03:10+15:00", "iso", null],
    ["2024-01-31 03:10+14:30", "iso", null],
    ["2024-01-31 03:10 AM", "iso", null],
    ["2024-01-31 03.10", "iso", null],
    ["2024-01-31T03:10+00:00", "iso", "2024-01-31T03:10Z"],
    ["2024-01-31T03:10+02:00[Europe/Vilnius]", "iso", "2024-01-31T03:10+02:00"],
    ["2024-01-31 03:10 UTC", "iso", "2024-01-31T03:10Z"],
    ["2024-01-31T03:10:00,500", "iso", "2024-01-31T03:10:00.5"],
    ["", "iso", null],
    ["yesterday", "iso", null],
    ["2024-01-31\t03:10", "iso", "2024-01-31T03:10"],
    ["2024-01-31 03:10:60", "iso", null],
    ["31-01-2024 00:30", "day_first", "2024-01-31T00:30"],
    ["31/1/2024 0:30:00", "day_first", "2024-01-31T00:30"],
    ["31.01.2024 0.30", "day_first", "2024-01-31T00:30"],
    ["31.01.2024", "day_first", "2024-01-31"],
    ["31/01-2024 00:30", "day_first", null],
    ["2024-01-31 00:30", "day_first", "2024-01-31T00:30"],
    ["2024-31-01 00:30", "day_first", null],
    ["31/01/2024, 12:30 am", "day_first", "2024-01-31T00:30"],
    ["31/01/24 00:30", "day_first", null],
    ["31/01/2024 00:30+01:00", "day_first", "2024-01-31T00:30+01:00"],
    ["13/13/2024 00:30", "day_first", null],
    ["01/31/2024 12:30 AM", "month_first", "2024-01-31T00:30"],
    ["1/31/2024 12:30:05\u202fPM", "month_first", "2024-01-31T12:30:05"],
    ["1/31/2024 13:30 PM", "month_first", null],
    ["1/31/2024 13:30", "month_first", "2024-01-31T13:30"],
    ["31/1/2024 13:30", "month_first", null],
    ["1700000000", "epoch_seconds", "2023-11-14T22:13:20Z"],
    ["1.7e9", "epoch_seconds", "2023-11-14T22:13:20Z"],
    ["1700000000.25", "epoch_seconds", "2023-11-14T22:13:20.25Z"],
    ["1700000000000", "epoch_seconds", null],
    ["1616886000000", "epoch_milliseconds", "2021-03-27T23:00Z"],
    ["1616886000000.0", "epoch_milliseconds", "2021-03-27T23:00Z"],
    ["1.616886E12", "epoch_milliseconds", "2021-03-27T23:00Z"],
    ["1616886000", "epoch_milliseconds", null],
    ["1_700_000_000", "epoch_seconds", null],
    ["-5", "epoch_seconds", null],
    ["2024-01-31", "epoch_seconds", null],
    ["0", "epoch_seconds", "1970-01-01T00:00Z"]
  ])("iso_stamp of %j as %s is %s", async (text, form, expected) => {
    const [row] = await duckdb.rows<{value: string | null}>("SELECT iso_stamp($1, $2) AS value", [text, form]);
    expect(row!.value).toBe(expected);
  });

  it.each([
    ["2024-01-31T00:30:15.5+02:00", "28444350", "15", "120", "1706653815"],
    ["2024-01-31T00:30-05:30", "28444350", "0", "-330", "1706680800"],
    ["2024-01-31T00:30Z", "28444350", "0", "0", "1706661000"],
    ["2024-01-31T00:30", "28444350", "0", null, null],
    ["2024-01-31", "28444320", "0", null, null],
    ["2024-01", "28401120", "0", null, null]
  ])("the parts of %s are %s minutes, %s seconds, an offset of %s, the instant %s", async (iso, ...expected) => {
    const parts = ["stamp_minutes", "stamp_seconds", "stamp_offset", "instant_seconds"];
    expect(await Promise.all(parts.map((part) => value(`${part}('${iso}')`)))).toEqual(expected);
  });

  it("take micro-kWh to kWh and back, every one", async () => {
    const numbers = fc.array(fc.bigInt(-(10n ** 17n), 10n ** 17n), {minLength: 200, maxLength: 1000});
    await fc.assert(
      fc.asyncProperty(numbers, async (micro) => {
        const [row] = await duckdb.rows(
          "SELECT count(*) AS wrong FROM (SELECT unnest(CAST($1 AS BIGINT[])) AS micro) WHERE micro_kwh(kwh(micro)) <> micro",
          [`[${micro.join(", ")}]`]
        );
        expect(row).toEqual({wrong: 0n});
      })
    );
  });

  it("take of a list of any length the least elements that 10, 50 and 90 % don't exceed", async () => {
    const [row] = await duckdb.rows(
      `SELECT count(*) AS wrong
       FROM (
         SELECT count(*) AS size, p10_p50_p90(collect_list(energy_kwh)) AS found, list_sort(collect_list(energy_kwh)) AS sorted
         FROM (SELECT size, CAST(hash(size * place) % 100 AS DECIMAL(18, 6)) AS energy_kwh FROM range(1, 400) t(size), range(400) u(place) WHERE place < size)
         GROUP BY size
       )
       WHERE found IS DISTINCT FROM [sorted[(size + 9) // 10], sorted[(size + 1) // 2], sorted[(9 * size + 9) // 10]]`
    );
    expect(row).toEqual({wrong: 0n});
  });

  it("share a value so that its parts add up, none a micro-kWh above another, the first the greater", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, 10n ** 14n), fc.constantFrom(15, 30, 60), async (whole, minutes) => {
        const parts = await value(
          `[share_of(${whole}, ${2 * minutes}, 0, ${minutes}), share_of(${whole}, ${2 * minutes}, ${minutes}, ${minutes})]`
        );
        expect(parts).toBe(`[${(whole + 1n) / 2n}, ${whole / 2n}]`);
      })
    );
  });
});
