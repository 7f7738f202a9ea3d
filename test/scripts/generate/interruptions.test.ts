import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {interruptionsOf, writeInterruptions} from "../../../scripts/generate/interruptions.js";

const options = {start: 2017, years: 6, customers: 120_000, seed: 1};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-generate-"));
});
afterAll(() => rm(folder, {recursive: true}));

it("writes a file a year, as the committed sample has them", async () => {
  await writeInterruptions(options, folder);
  for (const year of [2017, 2022])
    expect(await readFile(join(folder, `${year}.csv`), "utf8")).toBe(
      await readFile(join("lake/landing/interruptions", `${year}.csv`), "utf8")
    );
});

it("has days without any, momentary interruptions and storms, and others for another seed", () => {
  const log = [...interruptionsOf(2020, options)];
  expect(new Set(log.map(({interruption_id}) => interruption_id)).size).toBe(log.length);
  expect(new Set(log.map(({started_at}) => started_at.slice(0, 10))).size).toBeLessThan(300);
  expect(log.some(({started_at, restored_at}) => Date.parse(restored_at) - Date.parse(started_at) <= 300_000)).toBe(
    true
  );
  expect(log.filter(({cause}) => cause === "storm").length).toBeGreaterThan(20);
  expect([...interruptionsOf(2020, {...options, seed: 2})]).not.toEqual(log);
});
