import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {priceDays, writePrices} from "../../../scripts/generate/prices.js";

const options = {zone: "10YLT-1001A0008Q", start: "2025-09-26", days: 32, seed: 1};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-generate-"));
});
afterAll(() => rm(folder, {recursive: true}));

it("writes a document a day or one list, as the committed sample has them", async () => {
  await writePrices(options, "xml", folder);
  await writePrices({...options, zone: "SE4"}, "csv", folder);
  for (const name of ["10YLT-1001A0008Q_2025-09-30.xml", "10YLT-1001A0008Q_2025-10-26.xml", "SE4_2025-09-26.csv"])
    expect(await readFile(join(folder, name), "utf8")).toBe(await readFile(join("lake/landing/prices", name), "utf8"));
});

it("gives a day the same prices however many days are asked for, and others to another zone or seed", () => {
  const [day] = [...priceDays({...options, start: "2025-10-26", days: 1})];
  expect([...priceDays(options)][30]).toEqual(day);
  expect(day!.prices.length).toBe(100);
  expect([...priceDays({...options, start: "2025-10-26", days: 1, seed: 2})]).not.toEqual([day]);
  expect([...priceDays({...options, start: "2025-10-26", days: 1, zone: "SE4"})]).not.toEqual([day]);
});
