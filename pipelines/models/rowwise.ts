import type {Connection} from "../engines/duckdb.js";
import {calledFunction, isQuery, type Node, serialize, serializeAll, walk} from "./tree.js";

/** What a database says of its functions of one name. */
interface Described {
  readonly steady: boolean;
  /** Whether one of them makes one value of many rows'. */
  readonly aggregate: boolean;
  /** The bodies of a macro. */
  readonly bodies: readonly string[] | null;
}

/** Asked once a connection, and again for a name that isn't there: macros come later. */
const answers = new WeakMap<Connection, Promise<ReadonlyMap<string, Described>>>();

/**
 * Of the functions that a tree calls, those that look at one row at a time and always give the same for it. Not
 * aggregates, window functions, `random()` or `now()`, a macro that has one of them or a subquery in its body, or a
 * function that the database doesn't have.
 */
export async function rowwiseFunctions(connection: Connection, tree: Node): Promise<ReadonlySet<string>> {
  const called = functionsIn(tree);
  const described = await descriptionsOf(connection, called);
  const rowwise = new Set<string>();
  for (const name of called) if (await isRowwise(connection, described, name, [])) rowwise.add(name);
  return rowwise;
}

/** Of the functions that a tree calls, those that make one value of many rows', macros of such among them. */
export async function aggregateFunctions(connection: Connection, tree: Node): Promise<ReadonlySet<string>> {
  const called = functionsIn(tree);
  const described = await descriptionsOf(connection, called);
  const aggregates = new Set<string>();
  for (const name of called) if (await isAggregate(connection, described, name, [])) aggregates.add(name);
  return aggregates;
}

async function descriptionsOf(
  connection: Connection,
  called: ReadonlySet<string>
): Promise<ReadonlyMap<string, Described>> {
  const asked = answers.get(connection);
  const known = await asked;
  if (known && [...called].every((name) => known.has(name))) return known;
  // Whoever asked meanwhile shares the answer.
  if (answers.get(connection) !== asked) return descriptionsOf(connection, called);
  const described = describeFunctions(connection);
  answers.set(connection, described);
  return described;
}

async function describeFunctions(connection: Connection): Promise<ReadonlyMap<string, Described>> {
  const rows = await connection.rows<{name: string; internal: boolean} & Described>(`
    SELECT
      lower(function_name) AS name,
      bool_and(macro_definition IS NOT NULL OR (function_type = 'scalar' AND stability = 'CONSISTENT')) AS steady,
      bool_or(function_type = 'aggregate') AS aggregate,
      list(DISTINCT macro_definition) FILTER (WHERE macro_definition IS NOT NULL) AS bodies,
      bool_and(internal) AS internal
    FROM duckdb_functions()
    WHERE function_type IN ('scalar', 'aggregate', 'macro')
    GROUP BY 1`);
  // The models call most of their own macros, few of the engine's.
  const own = rows.flatMap(({internal, bodies}) => (internal ? [] : (bodies ?? [])));
  await serializeAll(connection, own.map(statementOf));
  // One row in, several out: still one row at a time.
  return new Map<string, Described>([
    ["unnest", {steady: true, aggregate: false, bodies: null}],
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
    const expression = await bodyOf(connection, body);
    if (expression === undefined || holdsMoreThanARow(expression)) return false;
    for (const called of functionsIn(expression)) {
      if (!(await isRowwise(connection, described, called, [...callers, name]))) return false;
    }
  }
  return true;
}

async function isAggregate(
  connection: Connection,
  described: ReadonlyMap<string, Described>,
  name: string,
  callers: readonly string[]
): Promise<boolean> {
  const {aggregate = false, bodies = null} = described.get(name) ?? {};
  if (aggregate || callers.includes(name)) return aggregate;
  for (const body of bodies ?? []) {
    for (const called of functionsIn((await bodyOf(connection, body)) ?? {})) {
      if (await isAggregate(connection, described, called, [...callers, name])) return true;
    }
  }
  return false;
}

/** The expression that a macro stands for; undefined when it is none. */
async function bodyOf(connection: Connection, body: string): Promise<Node | undefined> {
  const {statements} = JSON.parse(await serialize(connection, statementOf(body)));
  return statements?.[0]?.node.select_list[0];
}

function statementOf(body: string): string {
  return `SELECT ${body}`;
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
