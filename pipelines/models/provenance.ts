import type {Connection} from "../engines/duckdb.js";
import type {Tree} from "./parse.js";
import {calledFunction, deserialize, isQuery, type Node, walk} from "./tree.js";

/** A SELECT that tells of each of its rows which rows of its inputs it is made from. */
export interface Provenance {
  /**
   * Gives what the SELECT gives, and a column `lineage_N BIGINT[]` for the N-th input: the ids of that input's rows
   * behind each row. It expects each input to have the column `lineage_N` itself, a list of the row's own id.
   */
  readonly sql: string;
  /** Which of the inputs the columns are there for; the others are only looked at in conditions. */
  readonly traced: readonly number[];
}

/** The column that carries the ids of an input's rows. */
export function lineageColumn(input: number): string {
  return `lineage_${input}`;
}

/**
 * Rewrites a SELECT so that its rows carry the ids of the input rows they are made from, through joins, unions,
 * groups, DISTINCT, window functions and common table expressions: the why-provenance of Glavic and Alonso, "Perm:
 * Processing Provenance and Data on the same Data Model through Query Rewriting", ICDE 2009, on DuckDB's parse tree.
 *
 * A group is made from all its rows, a window function's value from all rows of its partition. A row that was asked
 * for in a condition only (EXISTS, IN, a scalar subquery) is no part of what it let through.
 *
 * @param inputs dotted table names, as the SELECT writes them
 * @throws Error `not traceable: …` for what the rewriting has no rule for: recursion, EXCEPT, INTERSECT, NATURAL.
 */
export async function withProvenance(
  connection: Connection,
  tree: Tree,
  inputs: readonly string[]
): Promise<Provenance> {
  const rewriter: Rewriter = {inputs: inputs.map((name) => name.toLowerCase()), rowwise: tree.rowwise, subqueries: 0};
  const {node, lineage} = query(rewriter, tree.node, new Map());
  return {sql: await deserialize(connection, node), traced: lineage};
}

interface Rewriter {
  readonly inputs: readonly string[];
  readonly rowwise: ReadonlySet<string>;
  /** How many subqueries have been given a name. */
  subqueries: number;
}

/** The inputs whose ids a relation carries, ascending. */
type Lineage = readonly number[];

/** By the lower-case name of a common table expression, what it carries. */
type Scope = ReadonlyMap<string, Lineage>;

interface Rewritten {
  readonly node: Node;
  readonly lineage: Lineage;
}

/** A relation in a FROM clause that carries ids, and the name by which its columns are asked for. */
interface Carrier {
  readonly name: string;
  readonly lineage: Lineage;
}

/** Rewrites a query so that the last of its columns are the ids. */
function query(rewriter: Rewriter, node: Node, outer: Scope): Rewritten {
  const scope = new Map(outer);
  const map: Node[] = [];
  for (const {key, value} of node.cte_map?.map ?? []) {
    const {node: inner, lineage} = query(rewriter, value.query.node, scope);
    map.push({key, value: {...value, query: {...value.query, node: inner}}});
    scope.set(key.toLowerCase(), lineage);
  }
  const own = {...node, cte_map: {...node.cte_map, ...(map.length > 0 && {map})}};
  if (node.type === "SELECT_NODE") return select(rewriter, own, scope);
  if (node.type === "SET_OPERATION_NODE") return union(rewriter, own, scope);
  throw new Error(`not traceable: ${node.type === "RECURSIVE_CTE_NODE" ? "a recursive SELECT" : node.type}`);
}

function union(rewriter: Rewriter, node: Node, scope: Scope): Rewritten {
  if (!String(node.setop_type).startsWith("UNION")) throw new Error(`not traceable: ${node.setop_type}`);
  const [left, right] = [query(rewriter, node.left, scope), query(rewriter, node.right, scope)];
  const lineage = ascending([...left.lineage, ...right.lineage]);
  const all = {...node, left: padded(left, lineage), right: padded(right, lineage), setop_all: true};
  return {node: node.setop_all === false ? distinct(rewriter, all, lineage) : all, lineage};
}

/** A query with a column for each of the inputs: no ids for those that it doesn't carry. */
function padded({node, lineage}: Rewritten, wanted: Lineage): Node {
  if (node.type === "SET_OPERATION_NODE") {
    const [left, right] = [node.left, node.right].map((side) => padded({node: side, lineage}, wanted));
    return {...node, left, right};
  }
  const items = node.select_list as Node[];
  const ids = new Map(lineage.map((input, place) => [input, items[items.length - lineage.length + place]!]));
  const none = {class: "CONSTANT", type: "VALUE_CONSTANT", value: noIds};
  const columns = wanted.map((input) => ids.get(input) ?? {...none, alias: lineageColumn(input)});
  return {...node, select_list: [...items.slice(0, items.length - lineage.length), ...columns]};
}

function select(rewriter: Rewriter, node: Node, scope: Scope): Rewritten {
  const carriers: Carrier[] = [];
  const from_table = relation(rewriter, node.from_table, scope, carriers);
  const lineage = ascending(carriers.flatMap((carrier) => carrier.lineage));
  const {select_list, modifiers = [], from_table: _, cte_map, type, ...clauses} = node;
  const items = (select_list as Node[]).map((item) => withoutLineage(conditions(rewriter, item, scope), carriers));
  const isGrouped =
    node.group_expressions?.length > 0 ||
    node.aggregate_handling === "FORCE_AGGREGATES" ||
    !rowByRow(rewriter, select_list);
  const partitions = partitionsIn(select_list);
  const ids = lineage.map((input) => {
    const names = carriers.filter((carrier) => carrier.lineage.includes(input)).map(({name}) => name);
    return idsOf(input, names, isGrouped, partitions);
  });
  const rewritten = {
    ...(conditions(rewriter, clauses, scope) as Node),
    type,
    cte_map,
    from_table,
    select_list: [...items, ...ids],
    modifiers: (modifiers as Node[]).filter((modifier) => !isDistinct(modifier))
  };
  const result = modifiers.some(isDistinct) ? distinct(rewriter, rewritten, lineage) : rewritten;
  return {node: result, lineage};
}

/** DISTINCT ON isn't: it keeps one of several rows, made from itself alone. */
function isDistinct({type, distinct_on_targets}: Node): boolean {
  return type === "DISTINCT_MODIFIER" && !(distinct_on_targets?.length > 0);
}

/** Rows that are there several times as one, made from what each of them is made from. */
function distinct(rewriter: Rewriter, node: Node, lineage: Lineage): Node {
  const name = `distinct_${++rewriter.subqueries}`;
  return {
    type: "SELECT_NODE",
    cte_map: {},
    select_list: [
      {class: "STAR", type: "STAR", relation_name: "", exclude_list: lineage.map(lineageColumn)},
      ...lineage.map((input) => idsOf(input, [name], true, []))
    ],
    from_table: {type: "SUBQUERY", alias: name, subquery: {node}},
    aggregate_handling: "FORCE_AGGREGATES"
  };
}

function relation(rewriter: Rewriter, node: Node, scope: Scope, carriers: Carrier[]): Node {
  switch (node.type) {
    case "BASE_TABLE": {
      const lineage = lineageOfName(rewriter, node, scope);
      if (lineage.length > 0) carriers.push({name: node.alias || node.table_name, lineage});
      return node;
    }
    case "SUBQUERY": {
      const {node: inner, lineage} = query(rewriter, node.subquery.node, scope);
      const alias = node.alias || `subquery_${++rewriter.subqueries}`;
      if (lineage.length > 0) carriers.push({name: alias, lineage});
      return {...node, alias, subquery: {...node.subquery, node: inner}};
    }
    case "JOIN": {
      if (node.ref_type === "NATURAL") throw new Error("not traceable: a NATURAL JOIN");
      const left = relation(rewriter, node.left, scope, carriers);
      const kept: Carrier[] = [];
      const right = relation(rewriter, node.right, scope, kept);
      // What a semi or an anti join looks for is a condition: its columns don't come through.
      if (!["SEMI", "ANTI"].includes(node.join_type)) carriers.push(...kept);
      return {...node, left, right, condition: conditions(rewriter, node.condition, scope)};
    }
    default:
      walk(node, (part) => {
        if (isQuery(part) || part.type === "BASE_TABLE") throw new Error(`not traceable: ${node.type}`);
        return true;
      });
      return node;
  }
}

function lineageOfName(rewriter: Rewriter, {catalog_name, schema_name, table_name}: Node, scope: Scope): Lineage {
  const hidden = schema_name ? undefined : scope.get(table_name.toLowerCase());
  if (hidden) return hidden;
  const input = rewriter.inputs.indexOf(
    [catalog_name, schema_name, table_name].filter(Boolean).join(".").toLowerCase()
  );
  return input < 0 ? [] : [input];
}

/** Expressions in which queries may stand: those see relations that carry ids, and must not give them on. */
function conditions<T>(rewriter: Rewriter, part: T, scope: Scope): T {
  if (Array.isArray(part)) return part.map((child) => conditions(rewriter, child, scope)) as T;
  if (part === null || typeof part !== "object") return part;
  if (isQuery(part as Node)) {
    const {node, lineage} = query(rewriter, part as Node, scope);
    return (lineage.length > 0 ? stripped(rewriter, node, lineage) : node) as T;
  }
  return Object.fromEntries(
    Object.entries(part).map(([name, child]) => [name, conditions(rewriter, child, scope)])
  ) as T;
}

function stripped(rewriter: Rewriter, node: Node, lineage: Lineage): Node {
  return {
    type: "SELECT_NODE",
    cte_map: {},
    select_list: [{class: "STAR", type: "STAR", relation_name: "", exclude_list: lineage.map(lineageColumn)}],
    from_table: {type: "SUBQUERY", alias: `condition_${++rewriter.subqueries}`, subquery: {node}},
    aggregate_handling: "STANDARD_HANDLING"
  };
}

/** A `*` without the columns of ids: they come once, at the end. */
function withoutLineage(item: Node, carriers: readonly Carrier[]): Node {
  if (item.class !== "STAR") return item;
  const of = carriers.filter(
    ({name}) => !item.relation_name || name.toLowerCase() === item.relation_name.toLowerCase()
  );
  const columns = ascending(of.flatMap(({lineage}) => lineage)).map(lineageColumn);
  return {...item, exclude_list: [...(item.exclude_list ?? []), ...columns]};
}

/** The ids of an input's rows behind one row, from the relations that carry them. */
function idsOf(input: number, names: readonly string[], isGrouped: boolean, partitions: readonly Node[][]): Node {
  const columns = names.map((name) => ({
    class: "COLUMN_REF",
    type: "COLUMN_REF",
    column_names: [name, lineageColumn(input)]
  }));
  const each = columns.length === 1 ? columns[0]! : call("list_concat", columns);
  const own = isGrouped ? call("flatten", [call("list", [each])]) : each;
  const around = partitions.map((keys) => call("flatten", [windowed("list", own, keys)]));
  const all = around.length > 0 ? call("list_concat", [own, ...around]) : own;
  const once = isGrouped || around.length > 0 || columns.length > 1 ? call("list_distinct", [all]) : all;
  return {...once, alias: lineageColumn(input)};
}

const noIds = {type: {id: "LIST", type_info: {type: "LIST_TYPE_INFO", child_type: {id: "BIGINT"}}}, is_null: true};

function call(name: string, children: readonly Node[]): Node {
  return {class: "FUNCTION", type: "FUNCTION", function_name: name, children, order_bys: {type: "ORDER_MODIFIER"}};
}

function windowed(name: string, child: Node, partitions: readonly Node[]): Node {
  return {
    class: "WINDOW",
    type: "WINDOW_AGGREGATE",
    function_name: name,
    children: [child],
    partitions,
    start: "UNBOUNDED_PRECEDING",
    end: "UNBOUNDED_FOLLOWING"
  };
}

/** How the window functions of a select list part the rows, each way once. */
function partitionsIn(part: unknown): Node[][] {
  const found = new Map<string, Node[]>();
  walk(part, (node) => {
    if (isQuery(node)) return false;
    const partitions: Node[] = node.partitions ?? [];
    if (node.class === "WINDOW")
      found.set(
        JSON.stringify(partitions, (key, value) => (key === "query_location" ? undefined : value)),
        partitions
      );
    return true;
  });
  return [...found.values()];
}

/** Whether no function in a select list puts several rows together; a window function doesn't. */
function rowByRow({rowwise}: Rewriter, part: unknown): boolean {
  let all = true;
  walk(part, (node) => {
    if (isQuery(node)) return false;
    const called = node.class === "WINDOW" ? undefined : calledFunction(node);
    if (called !== undefined && !rowwise.has(called)) all = false;
    return all;
  });
  return all;
}

function ascending(inputs: Iterable<number>): Lineage {
  return [...new Set(inputs)].sort((a, b) => a - b);
}
