import {calledFunction, type Node} from "../tree.js";
import {inputsInside, inputsOf, type Tracer} from "./expression.js";
import {through, union} from "./inputs.js";
import {type Column, type From, findColumn, inside, nothingRead, type Relation, type Scope} from "./scope.js";

/**
 * What a FROM clause gives names to. What stands further right sees what stands left of it, as LATERAL does.
 *
 * @throws Error for a table that isn't among the inputs, and for forms that no lineage is known of: PIVOT, DESCRIBE.
 */
export function fromClause(tracer: Tracer, node: Node, scope: Scope): From {
  switch (node.type) {
    case "EMPTY":
      return nothingRead;
    case "BASE_TABLE":
      return baseTable(tracer, node, scope);
    case "SUBQUERY": {
      const {columns, deciding} = tracer.query(node.subquery.node, inside(scope));
      return only({names: named(node.alias), columns: renamed(columns, node)}, deciding);
    }
    case "JOIN":
      return join(tracer, node, scope);
    case "TABLE_FUNCTION":
      return tableFunction(tracer, node, scope);
    case "EXPRESSION_LIST": {
      const rows = node.values as Node[][];
      const columns = (rows[0] ?? []).map((_, index) => ({
        name: `col${index}`,
        inputs: union(...rows.map((row) => inputsOf(tracer, row[index], scope)))
      }));
      return only({names: named(node.alias), columns: renamed(columns, node)});
    }
    default:
      throw new Error(`column lineage doesn't follow ${node.type}`);
  }
}

function baseTable(tracer: Tracer, node: Node, scope: Scope): From {
  const {catalog_name, schema_name, table_name, alias} = node;
  const dotted = [catalog_name, schema_name, table_name].filter(Boolean).join(".").toLowerCase();
  const names = alias ? named(alias) : [...new Set([table_name.toLowerCase(), dotted])];
  const rows = schema_name ? undefined : scope.tables.get(dotted);
  if (rows) return only({names, columns: renamed(rows.columns, node)}, rows.deciding);
  const known = tracer.tables.get(dotted);
  if (!known) throw new Error(`table not found: ${dotted}`);
  const {table} = known;
  const columns = known.columns.map((column): Column => {
    return {name: column, inputs: [{table, column, use: "identity"}]};
  });
  return only({names, columns: renamed(columns, node)});
}

function tableFunction(tracer: Tracer, node: Node, scope: Scope): From {
  const called = calledFunction(node.function)!;
  const inputs = through(inputsInside(tracer, node.function.children, scope), "transformation");
  const given: string[] = node.column_name_alias ?? [];
  const rowwise = ["unnest", "range", "generate_series"].includes(called);
  const columns = (given.length > 0 ? given : rowwise ? [called] : []).map((name) => ({name, inputs}));
  // How long an array is decides how many rows there are.
  const deciding = through(inputs, "join");
  return only({names: named(node.alias ?? called), columns, ...(!rowwise && {others: inputs})}, deciding);
}

function join(tracer: Tracer, node: Node, scope: Scope): From {
  const left = fromClause(tracer, node.left, scope);
  const right = fromClause(tracer, node.right, {...inside(scope), from: left});
  const both = {
    relations: [...left.relations, ...right.relations],
    merged: new Map([...left.merged, ...right.merged])
  };
  const using = (node.ref_type === "NATURAL" ? commonNames(left, right) : (node.using_columns ?? [])) as string[];
  const compared = using.flatMap((name) => [left, right].map((side) => sideColumn(side, name).inputs)).flat();
  const visible = {...both, deciding: []};
  const condition = inputsInside(tracer, node.condition, {...scope, from: visible});
  const deciding = union(left.deciding, right.deciding, through([...compared, ...condition], "join"));
  if (["SEMI", "ANTI"].includes(node.join_type)) return {...left, deciding};
  for (const name of using) {
    const [ours, theirs] = [left, right].map((side) => sideColumn(side, name)) as [Column, Column];
    const inputs =
      node.join_type === "OUTER" || node.join_type === "FULL"
        ? through(union(ours.inputs, theirs.inputs), "transformation")
        : (node.join_type === "RIGHT" ? theirs : ours).inputs;
    both.merged.set(name.toLowerCase(), {name: ours.name, inputs});
  }
  return {...both, deciding};
}

function commonNames(left: From, right: From): string[] {
  const names = (from: From) => from.relations.flatMap(({columns}) => columns.map(({name}) => name.toLowerCase()));
  const theirs = new Set(names(right));
  return [...new Set(names(left))].filter((name) => theirs.has(name));
}

function sideColumn(side: From, name: string): Column {
  const column = findColumn(side, name.toLowerCase());
  if (!column) throw new Error(`column not found: ${name}`);
  return column;
}

/** The columns with the names that `AS t(a, b)` gives the first of them. */
export function renamed(columns: readonly Column[], {column_name_alias = []}: Node): readonly Column[] {
  return columns.map((column, index) => ({...column, name: column_name_alias[index] ?? column.name}));
}

function named(alias: string | undefined): string[] {
  return alias ? [alias.toLowerCase()] : [];
}

function only(relation: Relation, deciding: From["deciding"] = []): From {
  return {relations: [relation], merged: new Map(), deciding};
}
