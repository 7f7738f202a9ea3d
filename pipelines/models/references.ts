import type {Select} from "./parse.js";
import {lineAtByte} from "./text.js";
import type {Node} from "./tree.js";

/** What one SELECT reads. */
export interface References {
  /** Dotted table names, sorted: `silver.reading`. Common table expressions are not tables. */
  readonly tables: readonly string[];
  /** Table functions, sorted: `read_parquet`. */
  readonly functions: readonly string[];
  /** The line of the SELECT that names a table first. */
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * Finds the tables and table functions that a SELECT reads, from its parse tree. Names are as written, and matched
 * with those of common table expressions whatever their case.
 */
export function referencesOf({node, sql}: Pick<Select, "node" | "sql">): References {
  const places = new Map<string, number>();
  const functions = new Set<string>();
  visit(node, new Set(), places, functions);
  return {
    tables: [...places.keys()].sort(),
    functions: [...functions].sort(),
    lines: new Map([...places].map(([table, at]) => [table, lineAtByte(sql, at)]))
  };
}

/** Walks the tree with the names of the common table expressions in scope. */
function visit(node: unknown, scope: ReadonlySet<string>, places: Map<string, number>, functions: Set<string>): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, scope, places, functions);
    return;
  }
  if (node === null || typeof node !== "object") return;
  const {cte_map, type} = node as Node;

  // A common table expression sees those before it. Only a recursive one sees itself:
  // in `WITH reading AS (SELECT * FROM reading)` the inner name is the table.
  for (const {key, value} of cte_map?.map ?? []) {
    const widened = new Set([...scope, key.toLowerCase()]);
    const recursive = value.query.node.type === "RECURSIVE_CTE_NODE";
    visit(value, recursive ? widened : scope, places, functions);
    scope = widened;
  }

  if (type === "BASE_TABLE") {
    const {catalog_name = "", schema_name = "", table_name, query_location = 0} = node as Node;
    const name = [catalog_name, schema_name, table_name].filter(Boolean).join(".");
    if (schema_name || !scope.has(table_name.toLowerCase())) {
      places.set(name, Math.min(places.get(name) ?? query_location, query_location));
    }
  }
  if (type === "TABLE_FUNCTION") functions.add((node as Node).function.function_name);

  for (const name in node) if (name !== "cte_map") visit((node as Node)[name], scope, places, functions);
}
