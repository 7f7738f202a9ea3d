import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {fingerprint} from "../../pipelines/models/fingerprint.js";
import {readMacros} from "../../pipelines/models/functions.js";
import {loadModels} from "../../pipelines/models/model.js";
import {folderOf} from "./folder.js";

const duckdb = await openDuckDB({threads: 1});

const header = "-- A table.\n-- key: a\n-- increment: a\n-- param: p = 1\n";
const select = "SELECT a, third(b) AS b FROM silver.t CROSS JOIN parameter WHERE c = 'x  y'";
const macros = "CREATE MACRO half(x) AS x // 2;\nCREATE MACRO third(x) AS half(x) + 1;\nCREATE MACRO other(x) AS 1;";

async function fingerprintOf(text: string, functions = macros): Promise<string> {
  const folder = await folderOf({"gold/a.sql": text, "functions/duckdb.sql": functions});
  const [model] = await loadModels(duckdb, folder);
  return fingerprint(duckdb, model!, await readMacros(folder));
}

describe("fingerprint", () => {
  it.each([
    ["comments and layout", header + select.replace("FROM", "-- from there\n  FROM"), macros],
    ["the description", header.replace("A table", "Another table") + select, macros],
    ["how old rows may be", `${header}-- fresh: 2 hours\n${select}`, macros],
    ["comments and layout of a macro", header + select, macros.replace("AS x", "AS -- so\n  x")],
    ["a macro it doesn't call", header + select, macros.replace("AS 1;", "AS 2;")]
  ])("stays with %s", async (_, text, functions) => {
    expect(await fingerprintOf(text, functions)).toBe(await fingerprintOf(header + select));
  });

  it.each([
    ["the SELECT", header + select.replace("c =", "c <>"), macros],
    ["spaces in a text", header + select.replace("x  y", "x y"), macros],
    ["the key", header.replace("key: a", "key: b") + select, macros],
    ["the increment", header.replace("increment: a", "increment: b") + select, macros],
    ["the partition", `${header}-- partition: a\n${select}`, macros],
    ["the lookback", `${header}-- lookback: 1 day\n${select}`, macros],
    ["what lies around", `${header}-- around: 1 day\n${select}`, macros],
    ["what is stored", `${header}-- stored: no\n${select}`, macros],
    ["a parameter's default", header.replace("p = 1", "p = 2") + select, macros],
    ["a macro it calls", header + select, macros.replace("+ 1", "+ 2")],
    ["a macro that this one calls", header + select, macros.replace("// 2", "// 3")]
  ])("changes with %s", async (_, text, functions) => {
    expect(await fingerprintOf(text, functions)).not.toBe(await fingerprintOf(header + select));
  });
});
