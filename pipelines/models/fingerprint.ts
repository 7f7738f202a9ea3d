import {createHash} from "node:crypto";
import {type Connection, engineVersion} from "../engines/duckdb.js";
import {type Macro, macrosUsed} from "./functions.js";
import type {Model} from "./model.js";
import {tryParse} from "./parse.js";
import {calledFunction, walk} from "./tree.js";

/**
 * What decides the rows of a table for given inputs, as one SHA-256 in hex: the parse tree of its SELECT, the header
 * keys that change what is stored and how, the macros it calls, directly or not, and DuckDB's version. Comments,
 * layout, the description and the checks aren't part of it.
 */
export async function fingerprint(connection: Connection, model: Model, macros: readonly Macro[]): Promise<string> {
  const select = await tryParse(connection, model.sql);
  if ("reason" in select) throw new Error(`${select.reason}; see ${model.file}`);
  const called = new Set<string>();
  walk(select.node, (node) => {
    const name = calledFunction(node);
    if (name !== undefined) called.add(name);
    return true;
  });
  const {key, partition, increment, stored, lookback, around, params, extra} = model;
  const parts = {
    tree: select.canonical,
    header: {key, partition, increment, stored, lookback, around, params: sorted(params), extra: sorted(extra)},
    macros: macrosUsed(called, macros).map(({sql}) => sql),
    duckdb: await engineVersion(connection)
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
