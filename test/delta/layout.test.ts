import {describe, expect, it} from "vitest";
import {defaultFileRows, inWholeMonths, monthOf, weightByValue, weightOf} from "../../pipelines/delta/layout.js";
import type {DataFile} from "../../pipelines/delta/snapshot.js";

const columns = [
  {name: "day", type: "DATE"},
  {name: "month", type: "VARCHAR"}
];

/** A file of a log that says its dates, its rows and how many values its arrays have, as far as they are given. */
function file(dates: readonly [string, string] | undefined, numRecords?: number, values?: number): DataFile {
  const [min, max] = dates ?? [];
  const stats = dates && {
    numRecords,
    minValues: {day: min, month: min!.slice(0, 7)},
    maxValues: {day: max, month: max!.slice(0, 7)},
    nullCount: {day: 0, month: 0}
  };
  return {
    path: "x.parquet",
    file: "/x.parquet",
    partitionValues: {},
    size: 1,
    modificationTime: 0,
    dataChange: true,
    ...(stats && {stats: JSON.stringify(stats)}),
    ...(values && {tags: {values: String(values)}}),
    ...(numRecords !== undefined && {numRecords})
  };
}

const weights = (files: readonly DataFile[], values: readonly string[], column = "day") => [
  ...weightByValue({columns, partitionColumns: [], files}, column, values).values()
];

describe("monthOf", () => {
  it.each([
    ["2022-03-27", "2022-03"],
    ["2022-03", "2022-03"],
    ["2022", "2022"],
    ["spring", "spring"]
  ])("%s lies in %s", (value, month) => {
    expect(monthOf(value)).toBe(month);
  });
});

describe("weightOf", () => {
  it("is a file's rows, or the values of its arrays where they are more, or the usual where nothing is said", () => {
    expect(weightOf(file(undefined, 5))).toBe(5);
    expect(weightOf(file(undefined, 5, 120))).toBe(120);
    expect(weightOf(file(undefined))).toBe(defaultFileRows);
  });
});

describe("weightByValue", () => {
  it("spreads a file's rows evenly over those of the values that its bounds allow", () => {
    const files = [file(["2022-01-01", "2022-01-02"], 10), file(["2022-01-02", "2022-01-04"], 6)];
    expect(weights(files, ["2022-01-01", "2022-01-02", "2022-01-03", "2022-01-04", "2022-01-05"])).toEqual([
      5, 7, 2, 2, 0
    ]);
    // Of the days asked for the second file has only one.
    expect(weights(files, ["2022-01-01", "2022-01-03"])).toEqual([10, 6]);
  });

  it("takes the values of arrays for rows, and months as well as days", () => {
    expect(weights([file(["2022-01-01", "2022-02-28"], 59, 1_416)], ["2022-01", "2022-02"], "month")).toEqual([
      708, 708
    ]);
  });

  it("spreads a file without bounds over all values, and takes one without a count for one of the usual size", () => {
    expect(weights([file(undefined, 10)], ["2022-01-01", "2022-01-02"])).toEqual([5, 5]);
    expect(weights([file(undefined)], ["2022-01-01"])).toEqual([defaultFileRows]);
  });

  it("gives no weight to values that no file can hold", () => {
    expect(weights([file(["2021-01-01", "2021-12-31"], 10)], ["2022-01-01"])).toEqual([0]);
    expect(weights([], ["2022-01-01"])).toEqual([0]);
  });
});

describe("inWholeMonths", () => {
  const packed = (days: Readonly<Record<string, number>>, most: number) =>
    inWholeMonths(
      Object.entries(days).map(([day, weight]) => ({day, month: day.slice(0, 7), weight})),
      most
    ).map((group) => group.map(({day}) => day).join(" "));

  it("puts as many whole months together as fit", () => {
    const days = {"2022-01-01": 2, "2022-01-02": 2, "2022-02-01": 4, "2022-03-01": 1, "2022-04-01": 1};
    expect(packed(days, 100)).toEqual(["2022-01-01 2022-01-02 2022-02-01 2022-03-01 2022-04-01"]);
    expect(packed(days, 8)).toEqual(["2022-01-01 2022-01-02 2022-02-01", "2022-03-01 2022-04-01"]);
    expect(packed(days, 7)).toEqual(["2022-01-01 2022-01-02", "2022-02-01 2022-03-01 2022-04-01"]);
  });

  it("leaves a month that is up to twice as large whole, by itself", () => {
    expect(packed({"2022-01-01": 1, "2022-02-01": 9, "2022-02-02": 9, "2022-03-01": 1}, 9)).toEqual([
      "2022-01-01",
      "2022-02-01 2022-02-02",
      "2022-03-01"
    ]);
  });

  it("divides a larger month into parts of about equal weight", () => {
    expect(packed({"2022-01-01": 5, "2022-01-02": 5, "2022-01-03": 5, "2022-01-04": 5, "2022-02-01": 1}, 9)).toEqual([
      "2022-01-01",
      "2022-01-02 2022-01-03",
      "2022-01-04",
      "2022-02-01"
    ]);
    // One day can't be divided.
    expect(packed({"2022-01-01": 50, "2022-01-02": 1}, 10)).toEqual(["2022-01-01", "2022-01-02"]);
  });

  it("loses nothing and keeps the order of months, however the weights are spread", () => {
    const days = Object.fromEntries(
      Array.from({length: 300}, (_, day) => [
        new Date(Date.UTC(2022, 0, 1 + day)).toISOString().slice(0, 10),
        (day * 7919) % 13
      ])
    );
    for (const most of [0, 1, 5, 40, 200, 1_000, Infinity])
      expect(packed(days, most).join(" ")).toBe(Object.keys(days).join(" "));
  });
});
