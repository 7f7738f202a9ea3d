import {distinct, type Values} from "../delta/slice.js";
import {identifier, literal} from "../engines/duckdb.js";
import {openWorkspace} from "../engines/workspace.js";
import type {Source} from "../sources/source.js";
import {bronzeTables} from "../sources/source.js";
import {type Catalog, isView, storedInputs} from "./catalog.js";
import {byLayer} from "./layers.js";
import type {Model} from "./model.js";
import {ownTables} from "./project.js";
import {rowsOf} from "./relations.js";
import {distinctValues} from "./touched.js";

/** One of several clients whose energy a lake holds, and the sources that say whose what comes in is. */
export interface ClientChoice {
  readonly client: string;
  readonly sources: readonly Source[];
}

/** What one client may see of a table: its rows, by a SELECT or by what a view reads; or why it may not. */
export type Sight = {readonly select?: string} | {readonly refused: string};

/** What the program writes of all clients alike, row by row or run by run. */
const ofAllClients = ownTables.filter((table) => table !== "bronze.source");

/**
 * What one client may see of a table. Where rows name their client, its own; of what is nobody's, as weather and the
 * calendar are, and of what only its own files went into, all. A table that several clients' rows went into and that
 * doesn't say whose they are is refused, and so is a view that reads one, and a table that isn't built yet.
 */
async function sightOf(catalog: Catalog, choice: ClientChoice, table: string): Promise<Sight> {
  const {client} = choice;
  const refused = (why: string): Sight => ({refused: `table not shown to one client: ${table}; ${why}`});
  if (isView(catalog, table)) {
    for (const input of catalog.inputs.get(table) ?? []) {
      if ("refused" in (await sightOf(catalog, choice, input))) return refused(`it reads ${input}, which isn't either`);
    }
    return {};
  }
  if (!(await catalog.snapshot(table))) return {refused: `table not built yet: ${table}; npm run pipeline builds it`};
  if (ofAllClients.includes(table)) return refused("it tells of all clients");
  if (await hasColumn(catalog, table, "client_id"))
    return {select: `SELECT * FROM (${await rowsOf(catalog, table)}) WHERE ${isOf(choice, table)}`};
  const behind = await clientsBehind(catalog, choice.sources, table);
  if (behind === "any") return refused("rows of several clients went into it, and it doesn't say whose they are");
  if (behind.size > 0 && !behind.has(client)) return refused(`it is of ${[...behind].sort().join(", ")}`);
  return {select: await rowsOf(catalog, table)};
}

/**
 * By table, the rows of it that one client may see, views' inputs included.
 *
 * @throws Error `table not shown to one client: …` for a table that it may not.
 */
export async function sightsOf(
  catalog: Catalog,
  choice: ClientChoice,
  tables: readonly string[]
): Promise<Map<string, string>> {
  const selects = new Map<string, string>();
  for (const table of tables) {
    const sight = await sightOf(catalog, choice, table);
    if ("refused" in sight) throw new Error(sight.refused);
    if (sight.select !== undefined) selects.set(table, sight.select);
    else
      for (const [input, select] of await sightsOf(catalog, choice, catalog.inputs.get(table)!))
        selects.set(input, select);
  }
  return selects;
}

/** Which of a lake's tables a client may see, by layer and name. */
export async function tablesOfClient(
  catalog: Catalog,
  choice: ClientChoice,
  tables: readonly string[]
): Promise<string[]> {
  const seen: string[] = [];
  for (const table of tables) if (!("refused" in (await sightOf(catalog, choice, table)))) seen.push(table);
  return byLayer(seen);
}

/**
 * @throws Error when no row of any table names the client, with `usage` as its cause and those there are.
 */
export async function refuseUnknown(catalog: Catalog, choice: ClientChoice, tables: readonly string[]): Promise<void> {
  const {database} = catalog;
  const known = new Set(choice.sources.flatMap(({clientId = []}) => clientId));
  if (known.has(choice.client)) return;
  const named: string[] = [];
  for (const table of [...tables].reverse()) {
    if (isView(catalog, table) || table === settings || !(await hasColumn(catalog, table, "client_id"))) continue;
    const rows = await rowsOf(catalog, table);
    if ((await database.rows(`SELECT 1 FROM (${rows}) WHERE ${isOf(choice, table)} LIMIT 1`)).length > 0) return;
    named.push(`SELECT DISTINCT client_id FROM (${rows}) WHERE client_id IS NOT NULL`);
  }
  const others =
    named.length > 0 ? await database.rows<{client_id: string}>(`${named.join(" UNION ")} ORDER BY ALL LIMIT 20`) : [];
  const list = [...new Set([...known, ...others.map(({client_id}) => client_id)])].sort().join(", ");
  throw new Error(`client not found: ${choice.client}; the lake has ${list || "none"}`, {cause: "usage"});
}

/**
 * The values of a model's increment column, of those given, that a client has to do with: those of its rows, in the
 * table or in what it is made from. Where the rows don't say whose they are, all; of what isn't the client's, none.
 */
export async function valuesOfClient(
  catalog: Catalog,
  choice: ClientChoice,
  {name, increment}: Model,
  values: Values
): Promise<Values> {
  const behind = await clientsBehind(catalog, choice.sources, name);
  if (increment === undefined || (behind !== "any" && !behind.has(choice.client))) return [];
  const carriers: string[] = [];
  for (const table of [name, ...storedInputs(catalog, name)]) {
    if ((await hasColumn(catalog, table, "client_id")) && (await hasColumn(catalog, table, increment)))
      carriers.push(table);
  }
  if (carriers.length === 0) return values;
  const workspace = await openWorkspace(catalog.database);
  try {
    const own: string[] = [];
    for (const table of carriers) {
      const rows = await rowsOf(catalog, table, {column: increment, values});
      const select = `SELECT * FROM (${rows}) WHERE ${isOf(choice, table)} AND ${identifier(increment)} IS NOT NULL`;
      own.push(...(await distinctValues(workspace, select, increment)));
    }
    const asked = new Set(values);
    return distinct(own.filter((value) => asked.has(value)));
  } finally {
    await workspace.close();
  }
}

/** The clients whose files went into a table; `any` where files say themselves whose each row is. */
async function clientsBehind(
  catalog: Catalog,
  sources: readonly Source[],
  table: string
): Promise<"any" | ReadonlySet<string>> {
  if (table === settings || catalog.models.get(table)?.shared) return new Set();
  if (ofAllClients.includes(table)) return "any";
  if (table.startsWith("bronze.")) {
    if (await hasColumn(catalog, table, "client_id")) return "any";
    return new Set(
      sources.filter((source) => bronzeTables(source).includes(table)).flatMap(({clientId = []}) => clientId)
    );
  }
  const all = new Set<string>();
  for (const input of catalog.inputs.get(table) ?? []) {
    const behind = await clientsBehind(catalog, sources, input);
    if (behind === "any") return "any";
    for (const client of behind) all.add(client);
  }
  return all;
}

/** How each source is to be understood: every table reads it, and it holds no one's rows. */
const settings = "bronze.source";

/** Whether a row of a table is the client's; in Bronze one that names nobody is of the client that its source has. */
function isOf({client, sources}: ClientChoice, table: string): string {
  const named = `client_id = ${literal(client)}`;
  if (table === settings) return `(${named} OR client_id IS NULL)`;
  const own = table.startsWith("bronze.") ? sources.filter(({clientId}) => clientId === client) : [];
  if (own.length === 0) return named;
  return `(${named} OR client_id IS NULL AND source IN (${own.map(({name}) => literal(name)).join(", ")}))`;
}

async function hasColumn(catalog: Catalog, table: string, column: string): Promise<boolean> {
  const snapshot = await catalog.snapshot(table);
  return snapshot?.columns.some(({name}) => name === column) ?? false;
}
