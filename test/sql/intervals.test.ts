import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import type {Source} from "../../pipelines/sources/source.js";
import {type TestLake, testLake} from "../support/lake.js";

const source: Source = {
  name: "intervals",
  folder: "intervals",
  format: "interval_row",
  timeZone: "Europe/Vilnius",
  policy: "label_in_order"
};
const header = "client_id,meter_id,location_id,fuel,channel,start,resolution,value,unit,kind";
const energy = (meter: string, start: string, resolution: string, value: number) =>
  `city,${meter},home,electricity,import,${start},${resolution},${value},kWh,`;
const register = (meter: string, start: string, value: number) =>
  `city,${meter},home,electricity,import,${start},,${value},kWh,register`;
const hours = (meter: string, date: string, from: number, to: number) =>
  Array.from({length: to - from}, (_, hour) =>
    energy(meter, `${date} ${String(from + hour).padStart(2, "0")}:00`, "60min", 1)
  );

/** What lands before each run. */
const deliveries: readonly (readonly string[])[] = [
  [
    // A register read at the ends of three days, one of them late; and one read on the first of each month.
    register("late", "2022-06-01", 10),
    register("late", "2022-06-03", 16),
    register("late", "2022-06-04", 19),
    register("monthly", "2022-05-01", 100),
    register("monthly", "2022-06-01", 131),
    // Hours that fill their day, hours that don't, and days told as a whole beside both.
    ...hours("whole", "2022-06-01", 0, 24),
    energy("whole", "2022-06-01", "day", 30),
    ...hours("part", "2022-06-01", 0, 6),
    energy("part", "2022-06-01", "day", 30),
    // A month as a whole beside a day of it, and beside all of its days.
    energy("month", "2022-06", "month", 900),
    energy("month", "2022-06-01", "day", 30),
    energy("days", "2022-02", "month", 900),
    ...Array.from({length: 28}, (_, day) => energy("days", `2022-02-${String(day + 1).padStart(2, "0")}`, "day", 10))
  ],
  [
    register("late", "2022-06-02", 13),
    register("monthly", "2022-05-01", 101),
    register("monthly", "2022-07-01", 130),
    energy("part", "2022-06-01", "day", 31),
    ...hours("part", "2022-06-01", 6, 24)
  ]
];

let lake: TestLake;
const land = async (where: TestLake, number: number) => {
  const file = join(where.folder, "landing", "intervals", `${number}.csv`);
  await mkdir(dirname(file), {recursive: true});
  await writeFile(file, `${[header, ...deliveries[number]!].join("\n")}\n`);
};
const days = "SELECT CAST(energy_kwh AS DOUBLE), res_min FROM gold.energy_day WHERE meter_id =";
const months = "SELECT CAST(energy_kwh AS DOUBLE), is_month_reading FROM gold.energy_month WHERE meter_id =";

beforeAll(async () => {
  lake = await testLake();
  await land(lake, 0);
  await lake.run({sources: [source]});
});
afterAll(() => lake.remove());

it("a day that came as a whole counts where its hours don't fill it, and is added to none", async () => {
  expect(await lake.query(`${days} 'whole'`)).toEqual([[24, 60]]);
  expect(await lake.query(`${days} 'part'`)).toEqual([[30, 1440]]);
  expect(
    await lake.query(
      "SELECT meter_id, CAST(sum(energy_kwh) AS DOUBLE) FROM gold.energy_hour GROUP BY meter_id ORDER BY meter_id"
    ),
    "the hours stay"
  ).toEqual([
    ["part", 6],
    ["whole", 24]
  ]);
});

it("a month that came as a whole counts where its days don't fill it, and is no day", async () => {
  expect(await lake.query(`${months} 'month'`)).toEqual([[900, true]]);
  expect(await lake.query(`${days} 'month'`)).toEqual([[30, 1440]]);
  expect(await lake.query(`${months} 'days'`)).toEqual([[280, false]]);
});

it("a register's reading that comes late parts the energy it lies in, and runs one by one give the tables of one run", async () => {
  const since = `SELECT CAST(local_date AS VARCHAR), CAST(energy_kwh AS DOUBLE), interval_minutes, res_min
    FROM silver.reading WHERE meter_id = 'late' ORDER BY interval_start`;
  expect(await lake.query(since)).toEqual([
    ["2022-06-01", 6, 2880, null],
    ["2022-06-03", 3, 1440, 1440]
  ]);
  await land(lake, 1);
  const {tables} = await lake.run({sources: [source]});
  expect(tables.find(({table}) => table === "silver.reading")).toMatchObject({
    outcome: "built",
    scope: ["2022-05-01", "2022-06-01", "2022-06-02"]
  });
  expect(await lake.query(since)).toEqual([
    ["2022-06-01", 3, 1440, 1440],
    ["2022-06-02", 3, 1440, 1440],
    ["2022-06-03", 3, 1440, 1440]
  ]);
  expect(await lake.query(`${days} 'part'`)).toEqual([[24, 60]]);
  expect(await lake.query(`${months} 'monthly' ORDER BY month`), "set back in June").toEqual([[30, true]]);

  const once = await testLake();
  for (const number of deliveries.keys()) await land(once, number);
  await once.run({sources: [source]});
  expect(await once.digest()).toEqual(await lake.digest());
  await once.remove();
});
