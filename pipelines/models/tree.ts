import {type Connection, literal} from "../engines/duckdb.js";

/** A node of DuckDB's parse tree, as `json_serialize_sql` writes it. */
export type Node = {readonly [key: string]: any};

/** The trees of the texts that were parsed last: a run asks for a model's at every step. */
const known = new Map<string, string>();
const mostKnown = 500;

/** Parses text with DuckDB's parser alone, no table need exist; an error comes back as text too. */
export async function serialize(connection: Connection, sql: string): Promise<string> {
  const tree = known.get(sql) ?? (await serializeAnew(connection, sql));
  known.set(sql, tree);
  if (known.size > mostKnown) known.delete(known.keys().next().value!);
  return tree;
}

/** Parses many texts at once, so that they are known when they are asked for one by one. */
export async function serializeAll(connection: Connection, texts: readonly string[]): Promise<void> {
  const unknown = texts.filter((sql) => !known.has(sql));
  if (unknown.length === 0) return;
  const rows = await connection.rows<{sql: string; tree: string}>(
    `SELECT sql, json_serialize_sql(sql, skip_default := true)::VARCHAR AS tree FROM (VALUES ${unknown.map((sql) => `(${literal(sql)})`).join(", ")}) AS texts(sql)`
  );
  for (const {sql, tree} of rows) known.set(sql, tree);
}

async function serializeAnew(connection: Connection, sql: string): Promise<string> {
  const [row] = await connection.rows<{tree: string}>(
    "SELECT json_serialize_sql($1::VARCHAR, skip_default := true)::VARCHAR AS tree",
    [sql]
  );
  return row!.tree;
}

/** Writes a tree as SQL again: what `serialize` made of it, or what was made of that. */
export async function deserialize(connection: Connection, node: Node): Promise<string> {
  const [row] = await connection.rows<{sql: string}>("SELECT json_deserialize_sql($1::JSON) AS sql", [
    JSON.stringify({error: false, statements: [{node}]})
  ]);
  return row!.sql;
}

/** Calls `visit` with each node from the top down; what it returns `false` for is not gone into. */
export function walk(node: unknown, visit: (node: Node) => boolean): void {
  if (node === null || typeof node !== "object") return;
  if (!Array.isArray(node) && visit(node) === false) return;
  // Trees are large: no list of what is in a node is made on the way.
  for (const name in node) walk((node as Node)[name], visit);
}

/** Whether a node is a query: a SELECT, a set operation, a recursive part, or what later parsers add. */
export function isQuery(node: Node): boolean {
  return typeof node.type === "string" && node.type.endsWith("_NODE");
}

/** The function that a node calls, in lower case; undefined when it calls none. Operators are functions too: `+`. */
export function calledFunction(node: Node): string | undefined {
  return node.class === "FUNCTION" || node.class === "WINDOW" ? node.function_name?.toLowerCase() : undefined;
}

/**
 * The columns that a query gives, by position: undefined for one without a name of its own. No answer when a `*`
 * hides how many there are. The first SELECT names the columns of a set operation.
 */
export function outputColumns(node: Node): (string | undefined)[] | undefined {
  if (node.type === "SET_OPERATION_NODE") return outputColumns(node.left);
  if (node.type !== "SELECT_NODE") return undefined;
  const items = node.select_list as Node[];
  if (items.some(({class: kind}) => kind === "STAR")) return undefined;
  return items.map(itemName);
}

/** The name of a column in a select list. */
export function itemName(item: Node): string | undefined {
  return item.alias || (item.class === "COLUMN_REF" ? item.column_names.at(-1) : undefined);
}
