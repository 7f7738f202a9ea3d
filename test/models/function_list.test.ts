import {afterAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {fileFunctions, refusalOf, scalarFunctions, tableFunctions} from "../../pipelines/models/function_list.js";

const duckdb = await openDuckDB({threads: 1});
afterAll(() => duckdb.close());

const named = async (...kinds: string[]) => {
  const rows = await duckdb.rows<{name: string}>(
    `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
     WHERE function_type IN (${kinds.map((kind) => `'${kind}'`).join(", ")}) ORDER BY name`
  );
  return rows.map(({name}) => name);
};

/** Functions that the parser or the binder knows by itself. */
const unlisted = new Set([
  ..."cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank rank_dense row_number".split(
    " "
  ),
  ..."add_parquet_key getenv row unnest".split(" ")
]);

describe("the list of functions for SQL from outside", () => {
  it("decides on each scalar function, aggregate and macro of the engine, once", async () => {
    const all = await named("scalar", "aggregate", "macro");
    expect(all.length).toBeGreaterThan(700);
    expect(all.filter((name) => !scalarFunctions.has(name) && refusalOf(name) === undefined)).toEqual([]);
    expect([...scalarFunctions].filter((name) => !all.includes(name) && !unlisted.has(name))).toEqual([]);
  });

  it("decides on each table function of the engine, once", async () => {
    const all = await named("table", "table_macro");
    expect(all.length).toBeGreaterThan(80);
    const allowed = [...tableFunctions, ...fileFunctions];
    expect(all.filter((name) => !allowed.includes(name) && refusalOf(name) === undefined)).toEqual([]);
    expect(allowed.filter((name) => !all.includes(name))).toEqual([]);
    expect(allowed.filter((name) => refusalOf(name) !== undefined)).toEqual([]);
  });

  it("has every aggregate, as list_aggregate takes their names from a text", async () => {
    const aggregates = await named("aggregate");
    expect(aggregates.filter((name) => !scalarFunctions.has(name))).toEqual([]);
  });

  it("has none whose answer follows from anything but its arguments, the clock and chance", async () => {
    const rows = await duckdb.rows<{name: string}>(
      `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
       WHERE function_type = 'scalar' AND stability <> 'CONSISTENT' ORDER BY name`
    );
    const clock = [
      "current_date",
      "get_current_time",
      "get_current_timestamp",
      "now",
      "today",
      "transaction_timestamp"
    ];
    const chance = ["gen_random_uuid", "random", "uuid", "uuidv4", "uuidv7"];
    expect(rows.map(({name}) => name).filter((name) => scalarFunctions.has(name))).toEqual(
      [...clock, ...chance].sort()
    );
  });
});
