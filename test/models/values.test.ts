import {describe, expect, it} from "vitest";
import {widened, within} from "../../pipelines/models/values.js";

describe("within", () => {
  it.each([
    ["days", ["2022-01-31", "2022-02-01", "2022-02-28", "2022-03-01"], ["2022-02-01", "2022-02-28"]],
    ["months that share a day with the range", ["2022-01", "2022-02", "2022-03"], ["2022-02"]],
    ["years", ["2021", "2022"], ["2022"]]
  ])("takes %s", (_, values, expected) => {
    expect(within(values, "2022-02-01", "2022-02-28")).toEqual(expected);
  });

  it("is open where an end is left out", () => {
    expect(within(["2021-12-31", "2022-01-01"], "2022-01-01", undefined)).toEqual(["2022-01-01"]);
    expect(within(["2021-12-31", "2022-01-01"], undefined, "2021-12-31")).toEqual(["2021-12-31"]);
  });
});

describe("widened", () => {
  it("looks back over days, and forward to the days that look back", () => {
    expect(widened(["2022-03-01"], {lookback: {days: 2}}, -1)).toEqual(["2022-02-27", "2022-02-28", "2022-03-01"]);
    expect(widened(["2022-02-28"], {lookback: {days: 2}}, 1)).toEqual(["2022-02-28", "2022-03-01", "2022-03-02"]);
  });

  it("looks back over months, and over the turn of a year", () => {
    expect(widened(["2022-01"], {lookback: {months: 1}}, -1)).toEqual(["2021-12", "2022-01"]);
  });

  it("looks around both ways, for inputs and for rows alike", () => {
    for (const direction of [-1, 1] as const)
      expect(widened(["2022-03-01"], {around: {days: 1}}, direction)).toEqual([
        "2022-02-28",
        "2022-03-01",
        "2022-03-02"
      ]);
  });

  it("leaves values alone where a model looks at its own date only", () => {
    expect(widened(["2022-01-01"], {}, 1)).toEqual(["2022-01-01"]);
  });
});
