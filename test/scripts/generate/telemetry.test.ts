import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {makeFiles, type TelemetryOptions} from "../../../scripts/generate/telemetry/devices.js";
import {writeTelemetry} from "../../../scripts/generate/telemetry.js";

const rates = {faults: 0.05, duplicates: 0.03, outOfRange: 0.02, broken: 0.01};
const options: TelemetryOptions = {start: "2025-08-01", days: 2, rowsPerDevice: 1440, seed: 1, rates};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-generate-"));
});
afterAll(() => rm(folder, {recursive: true}));

const linesOf = (asked: Partial<TelemetryOptions> = {}) => [...makeFiles({...options, ...asked})];

it("writes ten devices on five sites, a file a device and day, as the committed sample has them", async () => {
  const sample = {
    ...options,
    rowsPerDevice: 24,
    rates: {faults: 0.02, duplicates: 0.03, outOfRange: 0.02, broken: 0.015}
  };
  const {files} = await writeTelemetry(sample, folder);
  expect(files).toBe(20);
  for (const path of ["devices.csv", "2025/08/02/site_03/device_06.jsonl", "2025/08/01/site_05/device_10.jsonl"])
    expect(await readFile(join(folder, path), "utf8")).toBe(
      await readFile(join("lake/landing/telemetry", path), "utf8")
    );
});

it("gives a day the same records however many days are asked for, and others for another seed", () => {
  const day = linesOf({start: "2025-08-02", days: 1});
  expect(linesOf().slice(10)).toEqual(day);
  expect(linesOf({start: "2025-08-02", days: 1, seed: 2})).not.toEqual(day);
});

it("has faults, duplicates, values out of range and broken lines at the rates asked for", () => {
  const lines = linesOf().flatMap((file) => file.lines);
  const records = lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  const share = (holds: (record: any) => boolean) => records.filter(holds).length / 28_800;
  expect(share(({status}) => status === "FAULT")).toBeCloseTo(rates.faults, 2);
  expect(share(({power_w}) => power_w < 0)).toBeCloseTo(rates.outOfRange, 2);
  expect(share(({soc_percent: soc}) => soc < 0 || soc > 100)).toBeCloseTo(rates.outOfRange, 2);
  expect(share(({temperature_c: degrees}) => degrees < -20 || degrees > 80)).toBeCloseTo(rates.outOfRange, 2);
  expect(lines.length / 28_800 - 1).toBeCloseTo(rates.duplicates, 2);
  const plain = linesOf({rates: {faults: 0, duplicates: 0, outOfRange: 0, broken: 0}}).flatMap((file) => file.lines);
  expect(plain.length).toBe(28_800);
  expect(plain.every((line) => JSON.parse(line).status === "OK")).toBe(true);
});
