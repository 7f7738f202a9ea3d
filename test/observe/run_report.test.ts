import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {hasFailed} from "../../pipelines/failure.js";
import {runText, warningsOf} from "../../pipelines/observe/run_report.js";
import {forStream} from "../../pipelines/observe/terminal.js";
import type {RunResult} from "../../pipelines/pipeline.js";
import type {Source} from "../../pipelines/sources/source.js";
import {type TestLake, testLake} from "../support/lake.js";

/** A source whose limit an hour is low. */
const source: Source = {
  name: "acme",
  folder: "acme",
  format: "interval_row",
  clientId: "acme",
  timeZone: "Europe/Vilnius",
  policy: "label_in_order",
  unit: "kWh",
  fuel: "electricity",
  channel: "import",
  maxKwhPerHour: 20.5
};

/** A day of so many hours: the first ones above the limit. */
function day(over: number, hours: number): string {
  const rows = Array.from({length: hours}, (_, hour) => {
    const start = new Date(Date.UTC(2022, 4, 1, hour)).toISOString();
    return `m1,${start},60min,${hour < over ? 30 + hour : 1}`;
  });
  return `meter_id,start,resolution,value\n${rows.join("\n")}\n`;
}

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake();
  await mkdir(join(lake.folder, "landing/acme"));
});
afterAll(() => lake.remove());

async function runOf(text: string, file = "day.csv"): Promise<RunResult> {
  await writeFile(join(lake.folder, "landing/acme", file), text);
  return lake.run({sources: [source]});
}

const markOf = (result: RunResult) => /acme: [\s\S]*?superseded {2}(.*)/.exec(forStream(runText(result)))?.[1];

describe("a run's report", () => {
  it("warns of a source of which more than a hundredth is rejected, and says what for and by which setting", async () => {
    const result = await runOf(day(2, 150));
    expect(warningsOf(result)).toContainEqual(
      "source rejected by 1.3 %: acme: 2 of 150 values, for: value above what its source allows: 30.000000; " +
        "the limit is 20.5 kWh an hour (setting maxKwhPerHour); SELECT * FROM silver.reading_reject WHERE source = 'acme' lists them"
    );
    expect(markOf(result)).toBe("balanced, but 1.3 % rejected");
    expect(hasFailed(result)).toBe(false);
  });

  it("says so again while it is so, though nothing new came", async () => {
    const result = await lake.run({sources: [source]});
    expect(warningsOf(result)).toContainEqual(expect.stringContaining("source rejected by 1.3 %: acme"));
    expect(markOf(result)).toBe("balanced, but 1.3 % rejected");
  });

  it("doesn't warn of what its landing folder's files are known to hold, and says that they do", async () => {
    const expected = [{source: "acme", rejected: 2, because: "made so"}];
    await writeFile(join(lake.folder, "landing/_expected.json"), JSON.stringify(expected));
    const result = await lake.run({sources: [source]});
    expect(warningsOf(result)).toEqual([]);
    expect(markOf(result)).toBe("balanced");
    expect(forStream(runText(result))).toMatch(
      /as expected of these files, by _expected.json:\n {2}acme {2}2 rejected {2}made so$/
    );
  });

  it("warns of more than is known", async () => {
    const result = await runOf(day(3, 24).replaceAll("m1,", "m2,"), "other.csv");
    expect(warningsOf(result)).toContainEqual(
      expect.stringContaining("source rejected by 2.9 %: acme: 5 of 174 values")
    );
  });

  it("refuses a list of what is known that can't be understood, by name", async () => {
    await writeFile(join(lake.folder, "landing/_expected.json"), '[{"source": "acme"}]');
    await expect(lake.run({sources: [source]})).rejects.toThrow(/^not understood: .*_expected\.json; write a list of/);
  });
});
