import {describe, expect, it} from "vitest";
import {breach, parseColumns} from "../../pipelines/sources/contract.js";

const contract = {
  required: parseColumns("client_id VARCHAR, value DECIMAL(18,6), energy BIGINT[]"),
  optional: parseColumns("note VARCHAR")
};
const columns = (changes: Record<string, string | undefined> = {}) =>
  new Map(
    Object.entries({client_id: "VARCHAR", value: "DECIMAL(18,6)", energy: "BIGINT[]", ...changes}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined
    )
  );

describe("a file's columns", () => {
  it("may have names that SQL has in quotes", () => {
    expect([...parseColumns('"P+" VARCHAR, "a, b" DECIMAL(18,6), c DATE').keys()]).toEqual(["P+", "a, b", "c"]);
  });

  it.each([
    ["as asked", {}],
    ["with an optional one", {note: "VARCHAR"}],
    ["with one that nobody asked for", {extra: "DOUBLE"}],
    ["narrower than asked", {energy: "INTEGER[]", value: "DECIMAL(9,3)"}],
    ["unsigned, but small enough", {energy: "UINTEGER[]"}]
  ])("meet the contract %s", (_, changes) => {
    expect(breach(contract, columns(changes))).toBeUndefined();
  });

  it("have one of several, where the contract asks for it", () => {
    const oneOf = {...contract, oneOf: ["start", "end"]};
    expect(breach(oneOf, columns({end: "VARCHAR"}))).toBeUndefined();
    expect(breach(oneOf, columns())).toBe("a column start or end is missing");
  });

  it.each([
    ["one missing", {client_id: undefined}, "column client_id is missing"],
    ["one of another type", {energy: "VARCHAR"}, "column energy is VARCHAR, not BIGINT[]"],
    ["one that would lose digits", {energy: "DOUBLE[]"}, "column energy is DOUBLE[], not BIGINT[]"],
    ["one too wide", {value: "DECIMAL(38,6)"}, "column value is DECIMAL(38,6), not DECIMAL(18,6)"],
    ["one unsigned as wide as signed", {energy: "UBIGINT[]"}, "column energy is UBIGINT[], not BIGINT[]"],
    ["an optional one of another type", {note: "DATE"}, "column note is DATE, not VARCHAR"],
    [
      "two faults",
      {client_id: undefined, energy: "DATE"},
      "column client_id is missing; column energy is DATE, not BIGINT[]"
    ]
  ])("break the contract with %s", (_, changes, sentence) => {
    expect(breach(contract, columns(changes))).toBe(sentence);
  });
});
