import type {Select} from "./parse.js";
import {lineAt, lineAtByte, pieces} from "./text.js";
import {calledFunction, type Node, walk} from "./tree.js";

/** Something in a SELECT that keeps it from running, and meaning the same, on every engine. */
export interface Finding {
  /** The SELECT's line, from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * The functions and operators that DuckDB and Spark both have under one name and meaning; the macros of
 * `functions/duckdb.sql` come on top. Left out on purpose: `avg` (DOUBLE), `/` (its type differs),
 * `concat` (DuckDB leaves NULLs out, Spark then gives NULL).
 */
export const portableFunctions: ReadonlySet<string> = new Set(
  [
    "+ - * % || ~~ !~~",
    "count count_star sum min max bool_and bool_or bit_or bit_count",
    "row_number rank dense_rank ntile lag lead first_value last_value",
    "abs round greatest least nullif",
    "upper lower length trim ltrim rtrim lpad rpad replace substr substring split_part repeat",
    "year month day hour minute date_part make_date"
  ].flatMap((line) => line.split(" "))
);

/** The types that a portable cast may name; DuckDB's VARCHAR is written STRING. */
export const portableTypes: ReadonlySet<string> = new Set(
  "BOOLEAN TINYINT SMALLINT INTEGER BIGINT FLOAT DOUBLE DECIMAL DATE VARCHAR".split(" ")
);

const instead: Readonly<Record<string, string>> = {
  "/": "its type differs by engine: use a function of sql/functions",
  "//": "Spark has none: use a function of sql/functions",
  avg: "a mean is a sum by a count, rounded once: use a function of sql/functions",
  regexp_extract: "name the group, whose default differs by engine",
  concat: "one engine leaves NULLs out: write a || b",
  unnest: "join to a table of positions",
  quantile_disc: "write percentile_disc(…) WITHIN GROUP (ORDER BY …)"
};

/**
 * Finds what in a SELECT isn't portable, by its parse tree, and what no SELECT may hold: a parameter mark, and
 * functions that read a table they are given the name of, which the graph can't see.
 */
export function lint(
  {node, sql}: Select,
  {portable, macros = new Set()}: {portable: boolean; macros?: ReadonlySet<string>}
): Finding[] {
  const found = new Map<string, Finding>();
  const add = (line: number, message: string) => {
    const key = `${line} ${message}`;
    if (!found.has(key)) found.set(key, {line, message});
  };
  let before = 0;
  walk(node, (inner) => {
    before = inner.query_location ?? before;
    const messages = hidden(inner);
    if (portable) for (const message of unportable(inner, sql, macros)) messages.push(`not portable: ${message}`);
    // Not every node has a place: then the first one inside it has, or the last one before.
    for (const message of messages) add(lineAtByte(sql, firstPlace(inner) ?? before), message);
    // The star inside ORDER BY ALL and the call inside a table function have been named.
    return !portable || (!isOrderByAll(inner) && inner.type !== "TABLE_FUNCTION");
  });
  if (portable) {
    for (const {kind, text, at} of pieces(sql)) {
      if (kind !== "code") continue;
      for (const match of text.matchAll(/\b(?:VARCHAR|TEXT)\b(?!\s*\()/gi)) {
        add(lineAt(sql, at + match.index!), `not portable: type ${match[0].toUpperCase()}; write STRING`);
      }
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function hidden(node: Node): string[] {
  const called = node.type === "TABLE_FUNCTION" ? node.function?.function_name?.toLowerCase() : undefined;
  if (called === "query" || called === "query_table") return [`${called}(): name the table itself`];
  if (node.class === "PARAMETER") return ["parameter mark: read it from the relation parameter"];
  return [];
}

function unportable(node: Node, sql: string, macros: ReadonlySet<string>): string[] {
  const found = [node.type, node.class, node.ref_type, node.setop_type].flatMap((kind) => features[kind] ?? []);
  if (node.class === "STAR") {
    if (node.columns) found.push("COLUMNS");
    const changes = ["exclude_list", "replace_list", "rename_list", "qualified_exclude_list"];
    if (changes.some((list) => node[list]?.length > 0)) found.push("* EXCLUDE, REPLACE or RENAME");
  }
  if (node.qualify) found.push("QUALIFY");
  if (node.aggregate_handling === "FORCE_AGGREGATES") found.push("GROUP BY ALL");
  if (isOrderByAll(node)) found.push("ORDER BY ALL");
  if (node.distinct_on_targets?.length > 0) found.push("DISTINCT ON");
  if (node.sample) found.push("SAMPLE");
  if (node.at_clause) found.push("AT (VERSION or TIMESTAMP)");
  if (node.type === "TABLE_FUNCTION") found.push(`table function ${node.function?.function_name}()`);
  if (node.class === "CAST" && !portableTypes.has(node.cast_type?.id)) found.push(`type ${node.cast_type?.id}`);
  return [...found, ...unportableCall(node, sql, macros)];
}

const features: Readonly<Record<string, string>> = {
  LAMBDA: "lambda",
  ARRAY_EXTRACT: "x[i]; use try_element_at(x, i)",
  ARRAY_SLICE: "x[i:j]",
  STRUCT_EXTRACT: "(x).field; write x.field",
  OPERATOR_TRY: "TRY",
  POSITIONAL_REFERENCE: "#1",
  COLLATE: "COLLATE",
  ASOF: "ASOF JOIN",
  POSITIONAL: "POSITIONAL JOIN",
  UNION_BY_NAME: "UNION BY NAME",
  PIVOT: "PIVOT or UNPIVOT",
  SHOW_REF: "DESCRIBE, SHOW or SUMMARIZE",
  LIMIT_PERCENT_MODIFIER: "LIMIT %"
};

function unportableCall(node: Node, sql: string, macros: ReadonlySet<string>): string[] {
  const called = calledFunction(node);
  if (called === undefined) return [];
  const isPercentile = called === "quantile_disc" && /^\W*percentile_disc\b/i.test(textAt(sql, node.query_location));
  if (isPercentile || (called === "regexp_extract" && node.children?.length === 3)) return [];
  if (!portableFunctions.has(called) && !macros.has(called)) {
    const name = /^\w+$/.test(called) ? `${called}()` : called;
    return [`${name}${called in instead ? `; ${instead[called]}` : ""}`];
  }
  const isOrdered = node.order_bys?.orders?.length > 0 || node.arg_orders?.length > 0;
  return isOrdered ? ["ORDER BY inside an aggregate"] : [];
}

function isOrderByAll(node: Node): boolean {
  return node.type === "ORDER_MODIFIER" && node.orders?.[0]?.expression?.class === "STAR";
}

function textAt(sql: string, at = 0): string {
  return Buffer.from(sql)
    .subarray(at, at + 40)
    .toString();
}

function firstPlace(node: Node): number | undefined {
  if (node.query_location !== undefined) return node.query_location;
  let first: number | undefined;
  walk(node, ({query_location: place}) => {
    if (place !== undefined) first = Math.min(first ?? place, place);
    return true;
  });
  return first;
}
