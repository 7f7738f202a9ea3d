import {cp, readFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Explanation, explain} from "../../pipelines/explain/explain.js";
import {type Lakehouse, openLakehouse} from "../../pipelines/lakehouse.js";
import {explanationJson, explanationText, shownRows} from "../../pipelines/observe/explain_report.js";
import {forStream} from "../../pipelines/observe/terminal.js";
import {isMetered, type Source} from "../../pipelines/sources/source.js";
import {sources} from "../../pipelines/sources/sources.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";
import {writeFiles} from "../support/script.js";

const lordHowe: Source = {
  ...sources.find(isMetered)!,
  name: "island",
  folder: "island",
  timeZone: "Australia/Lord_Howe"
};

let lake: TestLake;
let lakehouse: Lakehouse;
beforeAll(async () => {
  lake = await testLake(
    modelsOf(
      "eliq_daily",
      "interval_row",
      "smart_meter_reading",
      "smart_meter_agreement",
      "smart_meter_product",
      "smart_meter_point"
    )
  );
  const landing = join(lake.folder, "landing");
  const golden = (path: string) => join("test/golden", path);
  await cp(golden("labelled/landing"), landing, {recursive: true});
  await cp(golden("smart-meter/landing"), landing, {recursive: true});
  await writeFiles(golden("odd-days/1.sql"), landing);
  await writeFiles(golden("corrected/1.sql"), landing);
  await lake.land("island/a.parquet", [["2022-04-03", 100]]);
  const labelled: {sources: Source[]} = JSON.parse(await readFile(golden("labelled/case.json"), "utf8"));
  const all = [...sources, lordHowe, ...labelled.sources];
  await lake.run({sources: all});
  await writeFiles(golden("corrected/2.sql"), landing);
  await lake.run({sources: all});
  lakehouse = await openLakehouse(lake.folder);
});
afterAll(async () => {
  await lakehouse.close();
  await lake.remove();
});

/** Each is made once. */
function explanation(table: string, ...words: string[]): Promise<Explanation> {
  const question = JSON.stringify([table, words]);
  const answer = answers.get(question) ?? explain(lakehouse, table, words);
  answers.set(question, answer);
  return answer;
}

const answers = new Map<string, Promise<Explanation>>();

/** An explanation as a machine reads it. */
async function explained(table: string, ...words: string[]): Promise<any> {
  return JSON.parse(explanationJson(await explanation(table, ...words)));
}

/** How many rows of each table a row is made from, nearest first. */
async function countsOf(table: string, ...words: string[]): Promise<Record<string, number>> {
  const {tables} = await explained(table, ...words);
  for (const {table, remade, notFollowed} of tables)
    expect([table, remade ?? "same", notFollowed]).toEqual([table, "same", undefined]);
  return Object.fromEntries(tables.map(({table, count}: {table: string; count: number}) => [table, count]));
}

describe("explain", () => {
  it("goes from a day to its readings, the raw array and the row of the file", async () => {
    const {tables, asked, accounts, beside} = await explained(
      "gold.energy_day",
      "c1",
      "autumn 24, one odd",
      "2022-10-30"
    );
    expect(asked).toEqual({client_id: "c1", meter_id: "autumn 24, one odd", local_date: "2022-10-30"});
    const rowsOf = (name: string) => tables.find(({table}: any) => table === name).rows;
    expect(rowsOf("gold.energy_day")).toMatchObject([{energy_kwh: 2.401, present_intervals: 25}]);
    expect(rowsOf("silver.reading")).toHaveLength(25);
    const [raw] = rowsOf("bronze.eliq_daily");
    expect(raw).toMatchObject({date: "2022-10-30", file: "eliq/it's 100% [odd] #1/día.parquet", row_number: 11});
    expect(raw.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(raw.energy_consumption).toEqual(Array.from({length: 24}, (_, hour) => (hour === 3 ? 101 : 100)));
    expect(accounts).toMatchObject([
      {table: "quality.reconciliation", rows: [{source: "eliq", local_date: "2022-10-30"}]}
    ]);
    expect(beside).toEqual([]);
  });

  it("shows how the doubled hour was split, and by which policy", async () => {
    const {oddHours} = await explained("gold.energy_day", "c1", "autumn 24, one odd", "2022-10-30");
    expect(oddHours).toMatchObject([
      {
        label: "03:00",
        minutes: 120,
        policy: "fixed_slots_sum_double",
        value_kwh: "0.101000",
        readings: [
          {interval_start: "2022-10-30T00:00:00Z", interval_minutes: 60, energy_kwh: "0.050500", quality: "split"},
          {interval_start: "2022-10-30T01:00:00Z", interval_minutes: 60, energy_kwh: "0.050500", quality: "split"}
        ]
      }
    ]);
  });

  it("shows the value of the hour that never was", async () => {
    const {oddHours} = await explained("gold.energy_day", "meter_id=spring 24, zero there");
    expect(oddHours).toMatchObject([{label: "03:00", minutes: 0, value_kwh: "0.000000", readings: []}]);
  });

  it("lists a value that was rejected beside the others of its day", async () => {
    const {beside} = await explained("gold.energy_day", "meter_id=spring 24, energy in the hour that was not");
    expect(beside).toMatchObject([
      {
        table: "silver.reading_reject",
        rows: [{slot: 4, energy_kwh: 0.1, reason: "energy in an hour that does not exist in Europe/Vilnius: 100"}]
      }
    ]);
  });

  it("tells a Lord Howe reading's 90 minutes", async () => {
    const {oddHours, tables} = await explained("silver.reading", "meter_id=m1", "source=island", "interval_minutes=90");
    expect(oddHours).toMatchObject([
      {
        tz: "Australia/Lord_Howe",
        label: "01:00",
        minutes: 90,
        value_kwh: "0.100000",
        readings: [{interval_start: "2022-04-02T14:00:00Z", interval_minutes: 90, energy_kwh: "0.100000"}]
      }
    ]);
    expect(tables.map(({table, count}: any) => [table, count])).toContainEqual(["bronze.eliq_daily", 1]);
  });

  it("lists the day that a correction superseded, and the run that wrote the new one", async () => {
    const {tables, beside} = await explained("gold.energy_day", "c1", "m1", "local_date=2022-05-02", "energy_kwh=12");
    expect(beside).toMatchObject([
      {
        table: "silver.day_fate",
        rows: [{fate: "superseded", file: "eliq/2022/a.parquet", row_number: 2, arrival: expect.any(Number)}]
      }
    ]);
    expect(tables[0].writers).toMatchObject([{run: 2, version: 1, reason: "silver.reading changed"}]);
    expect(tables[0].writers[0].fingerprint).toBe(tables[0].fingerprint);
    const raw = tables.find(({table}: any) => table === "bronze.eliq_daily");
    expect([raw.rows[0].file, raw.writers[0].run]).toEqual(["eliq/2022/b.parquet", 2]);
  });

  it("lists a correction that was rejected and superseded nothing", async () => {
    const {tables, beside} = await explained("gold.energy_day", "c1", "m1", "2022-05-03");
    expect(tables[0].rows[0].energy_kwh).toBe(2.448);
    expect(tables[0].writers).toMatchObject([{run: 1}]);
    const reasons = beside.flatMap(({table, rows}: any) => rows.map(({reason, file}: any) => [table, reason, file]));
    expect(reasons).toEqual([["silver.reading_reject", "22 values, expected 24", "eliq/2022/b.parquet"]]);
  });

  it("reads the lake as an older run left it", async () => {
    const before = await openLakehouse(lake.folder, 1);
    const {tables, beside} = await explain(before, "gold.energy_day", ["c1", "m1", "2022-05-02"]);
    expect([String(tables[0]!.rows[0]![5]), tables[0]!.writers[0]!.run, beside]).toEqual(["2.424000", 1, []]);
    await before.close();
  });

  it("follows a labelled value to the line of its file, and its label's second coming", async () => {
    const {tables, oddHours} = await explained("gold.energy_hour", "np", "m1", "2022-10-30T01:00:00Z");
    expect(oddHours).toMatchObject([
      {label: "03:00", minutes: 120, policy: "label_3a_3b", readings: [{energy_kwh: "3.000000"}]}
    ]);
    expect(tables.find(({table}: any) => table === "bronze.interval_row").rows).toMatchObject([
      {label: "2022-10-30 3B", value: "3", file: "nordpool/a.csv"}
    ]);
  });

  it("follows every table to the files, and makes each row on the way again", async () => {
    expect(await countsOf("gold.energy_month", "c1", "m1", "2022-05")).toMatchObject({
      "gold.energy_day": 3,
      "silver.reading": 72,
      "silver.meter_day": 3,
      "bronze.eliq_daily": 3
    });
    expect(await countsOf("gold.load_profile", "c1", "m1", "2022-05", "weekday", "3")).toMatchObject({
      "gold.energy_hour": 2,
      "silver.reading": 2,
      "bronze.eliq_daily": 2
    });
    expect(await countsOf("quality.reconciliation", "eliq", "2022-05-03")).toMatchObject({
      "silver.reading": 24,
      "silver.reading_reject": 1,
      "silver.meter_day": 2,
      "bronze.eliq_daily": 2
    });
  });

  it("needs no word about a table: its SELECT tells what a row of it is made from", async () => {
    expect(await countsOf("gold.consumption_per_product_per_day", "2021-03-28", "Fixed 12M")).toMatchObject({
      "silver.agreement_day": 2,
      "silver.product_half_hour": 4,
      "silver.reading": 7,
      "silver.interval_fate": 7,
      "bronze.smart_meter_reading": 7
    });
  });

  it("cuts long lists for people, with a count, and not for machines", async () => {
    const key = ["c1", "m1", "2022-05"];
    const text = forStream(explanationText(await explain(lakehouse, "gold.energy_month", key, {limit: shownRows})));
    expect(text).toContain("\ngold.energy_day made from silver.reading: 72 rows\n");
    expect(text).toContain("\n  … 69 more: --json lists them all\n");
    // What the readings shown have in common isn't what all have: their dates and energies differ.
    expect(text).toMatch(/\n +interval_start +local_date +energy_kwh/);
    const {tables} = await explained("gold.energy_month", ...key);
    expect(tables.find(({table}: any) => table === "silver.reading").rows).toHaveLength(72);
  });

  it("says of a key that matches nothing what there is, and what was rejected", async () => {
    await expect(explained("gold.energy_day", "c1", "m1", "2023-01-01")).rejects.toThrow(
      "no row of gold.energy_day has client_id c1, meter_id m1, local_date 2023-01-01\n" +
        "with client_id c1, meter_id m1 local_date is 2022-04-03 to 2022-05-03 (4 values)"
    );
    await expect(explained("gold.energy_day", "c1", "short", "2022-06-01")).rejects.toThrow("22 values, expected 24");
  });

  it.each([
    ["a column that isn't there", ["colour=red"], /^column not found: colour; gold\.energy_day has client_id/],
    [
      "a value that isn't of its type",
      ["local_date=yesterday"],
      /^local_date of gold\.energy_day is DATE, not: yesterday$/
    ],
    ["more values than its key has columns", ["a", "b", "c", "d", "2022-10-30", "e"], /^too many values/]
  ])("refuses %s as wrong usage", async (_, words, sentence) => {
    await expect(explained("gold.energy_day", ...words)).rejects.toMatchObject({
      message: expect.stringMatching(sentence),
      cause: "usage"
    });
  });

  it("names a table that isn't there", async () => {
    await expect(explained("gold.energy_dya", "a")).rejects.toThrow(
      "table not found: gold.energy_dya; did you mean gold.energy_day"
    );
  });
});
