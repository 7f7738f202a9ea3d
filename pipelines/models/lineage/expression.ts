import {calledFunction, isQuery, type Node, walk} from "../tree.js";
import {type Input, through, type Use, union} from "./inputs.js";
import {inside, type Rows, resolve, type Scope} from "./scope.js";

/** What the parts of a tracing need of each other. */
export interface Tracer {
  /** By lower-case dotted name, the input tables. */
  readonly tables: ReadonlyMap<string, {readonly table: string; readonly columns: readonly string[]}>;
  /** The functions, in lower case, that make one value of many rows'. */
  readonly aggregates: ReadonlySet<string>;
  /** What a query gives, seen from a scope around it. */
  query(node: Node, scope: Scope): Rows;
}

/** What the value of an expression is made from. */
export function inputsOf(tracer: Tracer, expression: Node | undefined, scope: Scope): readonly Input[] {
  if (expression === undefined) return [];
  const used = (part: unknown, use: Use) => through(inputsInside(tracer, part, scope), use);
  switch (expression.class) {
    case "COLUMN_REF":
      return resolve(expression.column_names, scope);
    case "CONSTANT":
      return [];
    case "CASE": {
      const checks = expression.case_checks as Node[];
      return union(
        ...checks.map(({when_expr}) => used(when_expr, "conditional")),
        ...checks.map(({then_expr}) => used(then_expr, "transformation")),
        used(expression.else_expr, "transformation")
      );
    }
    case "FUNCTION": {
      if (!tracer.aggregates.has(calledFunction(expression)!)) return used(expression.children, "transformation");
      const {children, filter, order_bys} = expression;
      const values = used(children, "aggregation");
      // percentile_disc(0.5) WITHIN GROUP (ORDER BY x) is of x.
      const ordered = used(order_bys, values.length > 0 ? "sort" : "aggregation");
      return union(values, ordered, used(filter, "filter"));
    }
    case "WINDOW": {
      const {type, children, offset_expr, default_expr, filter_expr, alias, class: kind, ...over} = expression;
      return union(
        used(children, type === "WINDOW_AGGREGATE" ? "aggregation" : "transformation"),
        used([offset_expr, default_expr], "transformation"),
        used(filter_expr, "filter"),
        used(over, "window")
      );
    }
    case "LAMBDA": {
      const elements = new Set<string>();
      walk(expression.lhs, (node) => {
        if (node.class === "COLUMN_REF") elements.add(node.column_names[0].toLowerCase());
        return true;
      });
      return inputsOf(tracer, expression.expr, {...inside(scope), elements});
    }
    case "SUBQUERY": {
      const {columns, deciding} = tracer.query(expression.subquery.node, inside(scope));
      const values = expression.subquery_type === "EXISTS" ? [] : columns.flatMap(({inputs}) => inputs);
      return union(through(values, "transformation"), deciding, used(expression.child, "transformation"));
    }
    case "STAR":
      throw new Error("column lineage doesn't follow a * inside an expression: list the columns");
    default:
      return used(Object.values(expression), "transformation");
  }
}

/** What all expressions inside are made from, each as it is. */
export function inputsInside(tracer: Tracer, part: unknown, scope: Scope): readonly Input[] {
  const found: (readonly Input[])[] = [];
  walk(part, (node) => {
    if (isQuery(node)) throw new Error(`column lineage doesn't follow ${node.type} here`);
    if (typeof node.class !== "string") return true;
    found.push(inputsOf(tracer, node, scope));
    return false;
  });
  return union(...found);
}
