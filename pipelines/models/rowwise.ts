import type {Connection} from "../engines/duckdb.js";
import {calledFunction, isQuery, type Node, serialize, walk} from "./tree.js";

/** What a database says of its functions of one name. */
interface Described {
  readonly steady: boolean;
  /** The bodies of a macro. */
  readonly bodies: readonly string[] | null;
}

/** Asked once a connection, and again for a name that isn't there: macros come later. */
const answers = new WeakMap<Connection, ReadonlyMap<string, Described>>();

/**
 * Of the functions that a tree calls, those that look at one row at a time and always give the same for it. Not
 * aggregates, window functions, `random()` or `now()`, a macro that has one of them or a subquery in its body, or a
 * function that the database doesn't have.
 */
export async function rowwiseFunctions(connection: Connection, tree: Node): Promise<ReadonlySet<string>> {
  const called = functionsIn(tree);
  let described = answers.get(connection);
  if (!described || [...called].some((name) => !described!.has(name))) {
    described = await describeFunctions(connection);
    answers.set(connection, described);
  }
  const rowwise = new Set<string>();
  for (const name of called) if (await isRowwise(connection, described, name, [])) rowwise.add(name);
  return rowwise;
}

async function describeFunctions(connection: Connection): Promise<ReadonlyMap<string, Described>> {
  const rows = await connection.rows<{name: string} & Described>(`
    SELECT
      lower(function_name) AS name,
      bool_and(macro_definition IS NOT NULL OR (function_type = 'scalar' AND stability = 'CONSISTENT')) AS steady,
      list(DISTINCT macro_definition) FILTER (WHERE macro_definition IS NOT NULL) AS bodies
    FROM duckdb_functions()
    WHERE function_type IN ('scalar', 'aggregate', 'macro')
    GROUP BY 1`);
  // One row in, several out: still one row at a time.
  return new Map<string, Described>([
    ["unnest", {steady: true, bodies: null}],
    ...rows.map((row) => [row.name, row] as const)
  ]);
}

async function isRowwise(
  connection: Connection,
  described: ReadonlyMap<string, Described>,
  name: string,
  callers: readonly string[]
): Promise<boolean> {
  const {steady = false, bodies = null} = described.get(name) ?? {};
  if (!steady || callers.includes(name)) return false;
  for (const body of bodies ?? []) {
    const {statements} = JSON.parse(await serialize(connection, `SELECT ${body}`));
    const expression = statements?.[0]?.node.select_list[0];
    if (expression === undefined || holdsMoreThanARow(expression)) return false;
    for (const called of functionsIn(expression)) {
      if (!(await isRowwise(connection, described, called, [...callers, name]))) return false;
    }
  }
  return true;
}

function holdsMoreThanARow(expression: Node): boolean {
  let found = false;
  walk(expression, (node) => {
    found ||= node.class === "WINDOW" || isQuery(node);
    return !found;
  });
  return found;
}

function functionsIn(tree: Node): ReadonlySet<string> {
  const called = new Set<string>();
  walk(tree, (node) => {
    const name = calledFunction(node);
    if (name !== undefined) called.add(name);
    return true;
  });
  return called;
}
