import {itemName, type Node} from "../tree.js";
import {inputsInside, inputsOf, type Tracer} from "./expression.js";
import {type Input, through, type Use, union} from "./inputs.js";
import {fromClause, renamed} from "./relation.js";
import {type Column, type Rows, type Scope, starColumns} from "./scope.js";

/** What a query gives: a SELECT, a set operation or a recursive one, with the common table expressions before it. */
export function rowsOfQuery(tracer: Tracer, node: Node, around: Scope): Rows {
  const tables = new Map(around.tables);
  for (const {key, value} of node.cte_map?.map ?? []) {
    const {columns, deciding} = rowsOfQuery(tracer, value.query.node, {...around, tables});
    tables.set(key.toLowerCase(), {columns: renamed(columns, {column_name_alias: value.aliases}), deciding});
  }
  const scope = {...around, tables};
  switch (node.type) {
    case "SELECT_NODE":
      return rowsOfSelect(tracer, node, scope);
    case "SET_OPERATION_NODE":
      return rowsOfSet(tracer, node, scope);
    case "RECURSIVE_CTE_NODE":
      return rowsOfRecursion(tracer, node, scope);
    default:
      throw new Error(`column lineage doesn't follow ${node.type}`);
  }
}

function rowsOfSelect(tracer: Tracer, node: Node, around: Scope): Rows {
  const from = fromClause(tracer, node.from_table, around);
  const aliases = new Map<string, () => readonly Input[]>();
  const scope: Scope = {...around, from, aliases};
  const items = node.select_list as Node[];
  for (const item of items)
    if (item.alias)
      aliases.set(
        item.alias.toLowerCase(),
        once(() => inputsOf(tracer, item, scope))
      );

  const columns = items.flatMap((item, index): Column[] =>
    item.class === "STAR"
      ? starColumns(item, scope, (expression) => inputsOf(tracer, expression, scope))
      : [{name: itemName(item) ?? `column${index + 1}`, inputs: inputsOf(tracer, item, scope)}]
  );
  const used = (part: unknown, use: Use) => through(inputsInside(tracer, part, scope), use);
  const deciding = union(
    from.deciding,
    used(node.where_clause, "filter"),
    through(groupInputs(tracer, node, columns, scope), "group_by"),
    used([node.having, node.qualify], "filter"),
    modifierInputs(tracer, node.modifiers, columns, {...scope, aliasesFirst: true})
  );
  return {columns, deciding};
}

/** An alias that is asked for while it is looked up stands for a column that isn't there. */
function once(work: () => readonly Input[]): () => readonly Input[] {
  let found: readonly Input[] | undefined;
  let isUnderWay = false;
  return () => {
    if (found) return found;
    if (isUnderWay) throw new Error("column not found: a column of the select list is made from itself");
    isUnderWay = true;
    found = work();
    return found;
  };
}

function groupInputs(tracer: Tracer, node: Node, columns: readonly Column[], scope: Scope): readonly Input[] {
  if (node.aggregate_handling === "FORCE_AGGREGATES") {
    return columns.flatMap(({inputs}) => (inputs.some(({use}) => use === "aggregation") ? [] : inputs));
  }
  return keyInputs(tracer, node.group_expressions, columns, scope);
}

/** Of keys to group or sort by, which may be places of the select list, from 1. */
function keyInputs(
  tracer: Tracer,
  keys: readonly Node[] = [],
  columns: readonly Column[],
  scope: Scope
): readonly Input[] {
  return keys.flatMap((key) => {
    if (key.class === "STAR") return columns.flatMap(({inputs}) => inputs);
    const place = key.class === "CONSTANT" ? columns[Number(key.value.value) - 1] : undefined;
    return place ? place.inputs : inputsOf(tracer, key, scope);
  });
}

function modifierInputs(
  tracer: Tracer,
  modifiers: readonly Node[] = [],
  columns: readonly Column[],
  scope: Scope
): readonly Input[] {
  const all = columns.flatMap(({inputs}) => inputs);
  return modifiers.flatMap((modifier) => {
    switch (modifier.type) {
      case "ORDER_MODIFIER": {
        const keys = modifier.orders.map(({expression}: Node) => expression);
        return through(keyInputs(tracer, keys, columns, scope), "sort");
      }
      case "DISTINCT_MODIFIER": {
        const targets = modifier.distinct_on_targets as Node[] | undefined;
        return through(targets?.length ? keyInputs(tracer, targets, columns, scope) : all, "group_by");
      }
      default:
        return through(inputsInside(tracer, modifier, scope), "filter");
    }
  });
}

function rowsOfSet(tracer: Tracer, node: Node, scope: Scope): Rows {
  const left = rowsOfQuery(tracer, node.left, scope);
  const right = rowsOfQuery(tracer, node.right, scope);
  const all = [...left.columns, ...right.columns].flatMap(({inputs}) => inputs);
  const columns = ["UNION", "UNION_BY_NAME"].includes(node.setop_type)
    ? united(left.columns, right.columns, node.setop_type === "UNION_BY_NAME")
    : left.columns;
  const deciding = union(
    left.deciding,
    right.deciding,
    columns === left.columns ? through(all, "filter") : [],
    node.setop_all === false ? through(all, "group_by") : [],
    modifierInputs(tracer, node.modifiers, columns, {
      ...scope,
      aliases: new Map(columns.map(({name, inputs}) => [name.toLowerCase(), () => inputs]))
    })
  );
  return {columns, deciding};
}

function united(left: readonly Column[], right: readonly Column[], byName: boolean): Column[] {
  const same = (a: Column, b: Column) => a.name.toLowerCase() === b.name.toLowerCase();
  const partner = (column: Column, index: number) =>
    byName ? right.find((other) => same(column, other)) : right[index];
  const both = left.map((column, index) => ({
    name: column.name,
    inputs: union(column.inputs, partner(column, index)?.inputs ?? [])
  }));
  return byName ? [...both, ...right.filter((column) => !left.some((other) => same(column, other)))] : both;
}

/** Round by round until nothing is added: what a recursion reads of itself is what it gives. */
function rowsOfRecursion(tracer: Tracer, node: Node, scope: Scope): Rows {
  let rows = rowsOfQuery(tracer, node.left, scope);
  for (;;) {
    const own = {columns: renamed(rows.columns, {column_name_alias: node.aliases}), deciding: rows.deciding};
    const again = rowsOfQuery(tracer, node.right, {
      ...scope,
      tables: new Map([...scope.tables, [node.cte_name.toLowerCase(), own]])
    });
    const next = {
      columns: united(rows.columns, again.columns, false),
      deciding: union(rows.deciding, again.deciding)
    };
    if (size(next) === size(rows)) return next;
    rows = next;
  }
}

function size({columns, deciding}: Rows): number {
  return columns.reduce((sum, {inputs}) => sum + inputs.length, deciding.length);
}
