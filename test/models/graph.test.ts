import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {findReferences, graphOf} from "../../pipelines/models/graph.js";
import {loadModels} from "../../pipelines/models/model.js";
import {folderOf} from "./folder.js";

const duckdb = await openDuckDB({threads: 1});

/** The graph of models given by name and SELECT; errors name files from the folder on. */
async function graph(selects: Readonly<Record<string, string>>, known: string[] = [], header = "") {
  const files = Object.entries(selects).map(([name, select]) => [
    name.includes("/") ? name : `${name.replace(".", "/")}.sql`,
    `-- A table.\n${header}${select}`
  ]);
  const folder = await folderOf(Object.fromEntries(files));
  const models = await loadModels(duckdb, folder);
  try {
    return graphOf(models, await findReferences(duckdb, models), known);
  } catch (error) {
    throw new Error((error as Error).message.replaceAll(`${folder}/`, ""));
  }
}

describe("graphOf", () => {
  it("orders models by what they read, and tells who reads whom", async () => {
    const {order, inputs, dependents} = await graph(
      {
        "bronze.a": "SELECT * FROM landing",
        "gold.a": "SELECT * FROM silver.b JOIN silver.c USING (id)",
        "silver.b": "SELECT * FROM silver.c JOIN ops.run ON true",
        "silver.c": "SELECT * FROM bronze.a"
      },
      ["ops.run"]
    );
    expect(order.map(({name}) => name)).toEqual(["bronze.a", "silver.c", "silver.b", "gold.a"]);
    expect(inputs.get("gold.a")).toEqual(["silver.b", "silver.c"]);
    expect(inputs.get("bronze.a")).toEqual([]);
    expect(dependents.get("silver.c")).toEqual(["gold.a", "silver.b"]);
    expect(dependents.get("ops.run")).toEqual(["silver.b"]);
    expect(dependents.get("gold.a")).toEqual([]);
  });

  it("puts a model after the tables that its checks read, which are no inputs", async () => {
    const {order, inputs} = await graph({
      "silver.a": "SELECT 1 AS n",
      "silver.b": "SELECT 1 AS n",
      "checks/silver.a/same.sql": "SELECT * FROM silver.a JOIN silver.b USING (n)"
    });
    expect(order.map(({name}) => name)).toEqual(["silver.b", "silver.a"]);
    expect(inputs.get("silver.a")).toEqual([]);
  });

  it("knows the relation parameter where there are parameters", async () => {
    const selects = {"gold.a": "SELECT as_of FROM parameter"};
    expect((await graph(selects, [], "-- param: as_of = 2021-01-01\n")).inputs.get("gold.a")).toEqual([]);
    await expect(graph(selects)).rejects.toThrow("gold/a.sql:2: unknown table: parameter");
  });

  it.each([
    [
      "a cycle",
      {"gold.a": "SELECT * FROM gold.b", "gold.b": "SELECT *\nFROM gold.c", "gold.c": "SELECT * FROM gold.a"},
      "gold/c.sql:2: cycle: gold.a -> gold.b -> gold.c -> gold.a"
    ],
    ["a table that reads itself", {"gold.a": "SELECT *\nFROM gold.a"}, "gold/a.sql:3: cycle: gold.a -> gold.a"],
    [
      "an unknown table",
      {"silver.reading": "SELECT 1 AS n", "gold.a": "SELECT *\nFROM silver.redaing"},
      "gold/a.sql:3: unknown table: silver.redaing; did you mean silver.reading?"
    ],
    [
      "one without its schema",
      {"silver.reading": "SELECT 1 AS n", "gold.a": "SELECT * FROM reading"},
      "gold/a.sql:2: unknown table: reading; did you mean silver.reading?"
    ],
    [
      "an unknown table of a check",
      {"gold.a": "SELECT 1 AS n", "checks/gold.a/b.sql": "SELECT * FROM gold.far_away"},
      "checks/gold.a/b.sql:2: unknown table: gold.far_away"
    ],
    ["landing outside Bronze", {"gold.a": "SELECT * FROM landing"}, "gold/a.sql:2: unknown table: landing"]
  ])("names the file and line of %s", async (_, selects, expected) => {
    await expect(graph(selects as unknown as Record<string, string>)).rejects.toThrow(new Error(expected));
  });
});
