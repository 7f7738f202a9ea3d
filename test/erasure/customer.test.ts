import {describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {mention, mentions} from "../../pipelines/erasure/customer.js";
import {withoutIds} from "../../pipelines/erasure/paths.js";

/** Texts, an id, and whether it stands in them. */
const cases: readonly (readonly [text: string, id: string, stands: boolean])[] = [
  ['{"location_id": "home-7"}', "home-7", true],
  ["home-7", "home-7", true],
  ["of home-7: nothing", "home-7", true],
  ["homes/home-7.json", "home-7", true],
  ["home-77, home-7-b, my-home-7, home_7", "home-7", false],
  ["ähome-7", "home-7", false],
  ["home-7ä home-7", "home-7", true],
  ["a.b", "a.b", true],
  ["axb", "a.b", false],
  ["x(1)*/y", "x(1)*/y", true],
  ['{"meter_id":"1001","value":7}', "1001", true],
  ['{"rows":1001}', "1001", false],
  ["meter 1001", "1001", false]
];

describe("an id in a text", () => {
  it("is found whole, by SQL as by the program; one of digits only between quotes, as it may be a number", async () => {
    const database = await openDuckDB();
    const selects = cases.map(([text, id]) => `SELECT ${mentions(literal(text), [id, "elsewhere"])} AS found`);
    for (const [index, [text, id, stands]] of cases.entries()) {
      expect([text, mention(text, ["elsewhere", id])]).toEqual([text, stands]);
      expect([text, await database.rows(selects[index]!)]).toEqual([text, [{found: stands}]]);
    }
    database.close();
  });
});

describe("a file's name", () => {
  it.each([
    ["homes/acme/home-7.json", ["home-7"], "homes/acme/erased-0123456789ab.json"],
    ["hub/readings-import-71.csv.gz", ["home-7", "import-71"], "hub/readings-erased-0123456789ab.csv.gz"],
    ["hub/2022/05/01/2022.csv", ["2022"], "hub/2022/05/01/erased-0123456789ab.csv"],
    ["homes/acme/acme.json", ["acme"], "homes/acme/erased-0123456789ab.json"],
    ["hub/days.csv", ["ay"], "hub/days.csv"]
  ])("%s without %j is %s", (path, ids, without) => {
    expect(withoutIds(path, ids, "0123456789abcdef", "acme")).toBe(without);
  });
});
