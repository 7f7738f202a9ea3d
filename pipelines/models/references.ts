import type {Select} from "./parse.js";
import {lineAtByte} from "./text.js";
import type {Node} from "./tree.js";

/** What one SELECT reads. */
export interface References {
  /** Dotted table names, sorted: `silver.reading`. Common table expressions are not tables. */
  readonly tables: readonly string[];
  /** Table functions, sorted: `read_parquet`. */
  readonly functions: readonly string[];
  /** The byte of the SELECT, in UTF-8, at which it names a table first. */
  readonly places: ReadonlyMap<string, number>;
  /** The line of that. */
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
    places,
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

  // A common table expression sees those before it, and not itself: in `WITH reading AS (SELECT * FROM reading)` the
  // inner name is the table.
  for (const {key, value} of cte_map?.map ?? []) {
    visit(value, scope, places, functions);
    scope = withName(scope, key);
  }

  if (type === "BASE_TABLE") {
    const {catalog_name = "", schema_name = "", table_name, query_location = 0} = node as Node;
    const name = [catalog_name, schema_name, table_name].filter(Boolean).join(".");
    if (schema_name || !scope.has(table_name.toLowerCase())) {
      places.set(name, Math.min(places.get(name) ?? query_location, query_location));
    }
  }
  if (type === "TABLE_FUNCTION") functions.add((node as Node).function.function_name);

  for (const name in node) {
    if (name === "cte_map") continue;
    // Of a recursive one, what repeats sees itself; what it begins with doesn't.
    const repeats = type === "RECURSIVE_CTE_NODE" && name === "right";
    visit((node as Node)[name], repeats ? withName(scope, (node as Node).cte_name) : scope, places, functions);
  }
}

function withName(scope: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return new Set([...scope, name.toLowerCase()]);
}
