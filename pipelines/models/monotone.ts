import type {Tree} from "./parse.js";
import {calledFunction, isQuery, itemName, type Node, walk} from "./tree.js";

/**
 * Whether each value of a model's increment that a change of one input touches comes out of the model's SELECT when,
 * in place of the input, it reads only the rows that the input gained or lost.
 *
 * True only where the tree proves it. The input's rows must go through operations that treat each of them by itself:
 * filters, projections, UNION, DISTINCT, inner joins, and outer joins as the side that is kept, at most once in each
 * join (a self-join meets old rows with new ones). A GROUP BY may end them, at the outermost level, where the
 * increment is made of its keys: groups of changed rows then are the groups that change. Anything else that the
 * rows reach answers no: window functions, HAVING, an aggregate further in or one that makes the increment, LIMIT,
 * DISTINCT ON, EXCEPT, INTERSECT, a subquery in an expression, recursion, a sample, a function that isn't known to
 * look at one row alone.
 */
export function isMonotone(tree: Tree, table: string, increment: string): boolean {
  const prover: Prover = {table: table.toLowerCase(), increment: increment.toLowerCase(), rowwise: tree.rowwise};
  return use(prover, tree.node, new Map(), {position: undefined}) !== Use.unprovable;
}

/** How a query uses the input. */
enum Use {
  none,
  rowByRow,
  unprovable
}

/** By the lower-case name of a common table expression, how it uses the input. */
type Scope = ReadonlyMap<string, Use>;

interface Prover {
  readonly table: string;
  readonly increment: string;
  readonly rowwise: ReadonlySet<string>;
}

/** An outermost query: which of its columns is the increment; undefined for the one of its name. */
interface Outermost {
  readonly position: number | undefined;
}

function use(prover: Prover, node: Node, outer: Scope, outermost?: Outermost): Use {
  const scope = new Map(outer);
  for (const {key, value} of node.cte_map?.map ?? [])
    scope.set(key.toLowerCase(), use(prover, value.query.node, scope));
  switch (node.type) {
    case "SELECT_NODE":
      return useOfSelect(prover, node, scope, outermost);
    case "SET_OPERATION_NODE": {
      const right = outermost && {position: outermost.position ?? incrementPosition(prover, node.left)};
      const both = Math.max(use(prover, node.left, scope, outermost), use(prover, node.right, scope, right));
      const isPlain = node.setop_type === "UNION" && rowByRowModifiers(node.modifiers);
      return isPlain ? both : whole(Math.max(both, useInside(prover, node.modifiers, scope)));
    }
    case "RECURSIVE_CTE_NODE": {
      const own = new Map([...scope, [node.cte_name.toLowerCase(), Use.none]]);
      return whole(Math.max(use(prover, node.left, own), use(prover, node.right, own)));
    }
    default:
      return whole(useInside(prover, {...node, cte_map: undefined, type: undefined}, scope));
  }
}

function useOfSelect(prover: Prover, node: Node, scope: Scope, outermost: Outermost | undefined): Use {
  const {from_table, cte_map, type, ...expressions} = node;
  if (useInside(prover, expressions, scope) !== Use.none) return Use.unprovable;
  const from = useOfRelation(prover, from_table, scope);
  if (from !== Use.rowByRow) return from;

  const {where_clause, group_expressions, select_list, modifiers} = node;
  if (node.having || node.qualify || node.sample || !rowByRowModifiers(modifiers)) return Use.unprovable;
  if (holdsWindow(expressions) || !isRowwise(prover, [where_clause, group_expressions])) return Use.unprovable;
  const isGrouped =
    group_expressions?.length > 0 || node.aggregate_handling === "FORCE_AGGREGATES" || !isRowwise(prover, select_list);
  if (!isGrouped) return Use.rowByRow;
  return outermost && isMadeOfKeys(prover, select_list, outermost) ? Use.rowByRow : Use.unprovable;
}

function useOfRelation(prover: Prover, relation: Node, scope: Scope): Use {
  switch (relation.type) {
    case "EMPTY":
      return Use.none;
    case "BASE_TABLE":
      return sampled(relation, useOfName(prover, relation, scope));
    case "SUBQUERY":
      return sampled(relation, use(prover, relation.subquery.node, scope));
    case "JOIN": {
      const left = useOfRelation(prover, relation.left, scope);
      const right = useOfRelation(prover, relation.right, scope);
      const {condition, join_type, ref_type} = relation;
      if (left === Use.none && right === Use.none) return whole(useInside(prover, condition, scope));
      const isPlain = ["REGULAR", "CROSS", "NATURAL"].includes(ref_type) && isRowwise(prover, condition);
      if (!isPlain || holdsWindow(condition) || useInside(prover, condition, scope) !== Use.none) return Use.unprovable;
      if (join_type === "INNER" && (left === Use.none || right === Use.none)) return Math.max(left, right);
      if (join_type === "LEFT" && right === Use.none) return left;
      if (join_type === "RIGHT" && left === Use.none) return right;
      return Use.unprovable;
    }
    case "TABLE_FUNCTION": {
      // Others may read a table they are given the name of.
      const called = calledFunction(relation.function);
      const isPlain = ["unnest", "range", "generate_series"].includes(called!);
      return isPlain ? whole(useInside(prover, relation.function, scope)) : Use.unprovable;
    }
    default:
      return whole(useInside(prover, {...relation, type: undefined}, scope));
  }
}

function useOfName(prover: Prover, {catalog_name, schema_name, table_name}: Node, scope: Scope): Use {
  const name = table_name.toLowerCase();
  const hidden = schema_name ? undefined : scope.get(name);
  if (hidden !== undefined) return hidden;
  const dotted = [catalog_name, schema_name, name].filter(Boolean).join(".").toLowerCase();
  return dotted === prover.table ? Use.rowByRow : Use.none;
}

/** The use by the queries and tables that stand anywhere inside. */
function useInside(prover: Prover, part: unknown, scope: Scope): Use {
  let most: Use = Use.none;
  walk(part, (node) => {
    if (isQuery(node)) most = Math.max(most, use(prover, node, scope));
    else if (node.type === "BASE_TABLE" || node.type === "TABLE_FUNCTION") {
      most = Math.max(most, useOfRelation(prover, node, scope));
    } else return true;
    return false;
  });
  return most;
}

/** What reads the input other than row by row. */
function whole(inside: Use): Use {
  return inside === Use.none ? Use.none : Use.unprovable;
}

function sampled(relation: Node, inner: Use): Use {
  return relation.sample || relation.at_clause ? whole(inner) : inner;
}

function rowByRowModifiers(modifiers: readonly Node[] = []): boolean {
  return modifiers.every(
    ({type, distinct_on_targets}) =>
      type === "ORDER_MODIFIER" || (type === "DISTINCT_MODIFIER" && !(distinct_on_targets?.length > 0))
  );
}

function holdsWindow(part: unknown): boolean {
  let found = false;
  walk(part, (node) => {
    found ||= node.class === "WINDOW";
    return !found;
  });
  return found;
}

function isRowwise({rowwise}: Prover, part: unknown): boolean {
  let all = true;
  walk(part, (node) => {
    const called = calledFunction(node);
    if (called !== undefined && !rowwise.has(called)) all = false;
    if (node.type === "GROUPING_FUNCTION") all = false;
    return all;
  });
  return all;
}

/** In a grouped SELECT, what has no aggregate in it can only be made of the keys. */
function isMadeOfKeys(prover: Prover, items: readonly Node[], {position}: Outermost): boolean {
  if (items.some((item) => item.class === "STAR")) return false;
  const at = position ?? items.findIndex((item) => itemName(item)?.toLowerCase() === prover.increment);
  const aliases = new Map(items.filter(({alias}) => alias).map((item) => [item.alias.toLowerCase(), item]));
  const seen = new Set<Node>();
  // A name in a select list may be another column of it, which may have an aggregate.
  const isMade = (item: Node | undefined): boolean => {
    if (item === undefined || !isRowwise(prover, item)) return false;
    if (seen.has(item)) return true;
    seen.add(item);
    let all = true;
    walk(item, (node) => {
      const other = node.class === "COLUMN_REF" && aliases.get(node.column_names.at(-1).toLowerCase());
      if (other && !isMade(other)) all = false;
      return all;
    });
    return all;
  };
  return isMade(items[at]);
}

function incrementPosition(prover: Prover, node: Node): number {
  if (node.type === "SET_OPERATION_NODE") return incrementPosition(prover, node.left);
  const items: readonly Node[] = node.type === "SELECT_NODE" ? node.select_list : [];
  if (items.some((item) => item.class === "STAR")) return -1;
  return items.findIndex((item) => itemName(item)?.toLowerCase() === prover.increment);
}
