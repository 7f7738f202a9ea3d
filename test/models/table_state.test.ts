import {describe, expect, it} from "vitest";
import type {Snapshot} from "../../pipelines/delta/snapshot.js";
import type {Model} from "../../pipelines/models/model.js";
import {ageHours, isLate, stateOf} from "../../pipelines/models/table_state.js";

/** A table of one file, whose log knows of one value of its increment column. */
function table(type: string, newest: string | undefined, freshHours?: number) {
  const stats = {numRecords: 3, minValues: {at: newest}, maxValues: {at: newest}, nullCount: {at: 0}};
  const file = {size: 10, numRecords: 3, partitionValues: {}, stats: JSON.stringify(stats)};
  const snapshot = {version: 4, columns: [{name: "at", type}], partitionColumns: [], files: newest ? [file] : []};
  return stateOf("a.b", snapshot as unknown as Snapshot, {increment: "at", freshHours} as Model);
}

const now = new Date("2022-06-01T10:00:00Z");

describe("a table's age", () => {
  it.each([
    ["a date", "DATE", "2022-05-30", 34],
    ["a month", "VARCHAR", "2022-04", 31 * 24 + 10],
    ["a year", "VARCHAR", "2021", 151 * 24 + 10],
    ["what is not over yet", "VARCHAR", "2022-06", 0],
    ["no row", "DATE", undefined, null],
    ["what is no time", "VARCHAR", "m1", null]
  ])("counts from the end of %s", (_, type, newest, hours) => {
    expect(ageHours(table(type, newest), now)).toBe(hours);
  });

  it.each([
    ["kept to the hour", "2022-05-30", 34, false],
    ["broken after it", "2022-05-30", 33, true],
    ["broken by an empty table", undefined, 34, true],
    ["not there", "2022-05-30", undefined, null]
  ])("is held against a promise: %s", (_, newest, promise, late) => {
    expect(isLate(table("DATE", newest, promise), now)).toBe(late);
  });
});
