import {expect, it} from "vitest";
import {benchJson, benchText, type Measured, summary} from "../../../scripts/bench/summary.js";

const took = (seconds: number, megabytes = 100): Measured => ({
  seconds,
  cpuSeconds: 2 * seconds,
  peakBytes: megabytes * 1e6
});
const alike = [{table: "silver.reading", rows: 1, agrees: true}];

it("takes the ratio pair by pair, so that a slow minute of the machine counts for both", () => {
  const pairs = [
    {pipeline: took(3), byHand: took(2)},
    {pipeline: took(30), byHand: took(20)},
    {pipeline: took(4), byHand: took(2)}
  ];
  expect(summary(1000, pairs, alike, "daily rows")).toMatchObject({
    ratio: 1.5,
    pipeline: {seconds: 4, rowsPerSecond: 250}
  });
});

it("gives the middle of an even number of pairs, and the highest peak", () => {
  const pairs = [
    {pipeline: took(2, 700), byHand: took(2)},
    {pipeline: took(4, 600), byHand: took(2)}
  ];
  expect(summary(1000, pairs, alike, "daily rows")).toMatchObject({
    ratio: 1.5,
    pipeline: {seconds: 3, peakBytes: 700e6}
  });
});

it("names a table whose rows differ", () => {
  const pairs = [{pipeline: took(2), byHand: took(2)}];
  const result = summary(1000, pairs, [...alike, {table: "gold.energy_day", rows: 1, agrees: false}], "daily rows");
  expect(benchText(result)).toContain("OTHER ROWS in gold.energy_day");
  expect(JSON.parse(benchJson(result))).toMatchObject({
    daily_rows: 1000,
    ratio: 1,
    pipeline: {seconds: 2, rows_per_second: 500, peak_rss_bytes: 100e6},
    tables_compared: 2,
    tables_differing: ["gold.energy_day"]
  });
});
