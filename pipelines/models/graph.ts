import type {Connection} from "../engines/duckdb.js";
import type {Model} from "./model.js";
import {didYouMean} from "./near.js";
import {parameterRelation} from "./parameters.js";
import {tryParse} from "./parse.js";
import {referencesOf} from "./references.js";

/** A table that a model, or one of its checks, reads, and where it says so first. */
export interface Reference {
  readonly table: string;
  readonly file: string;
  readonly line: number;
  /** Whether a check reads it, and the model doesn't have to. */
  readonly check: boolean;
}

/** Which table is made from which. */
export interface Graph {
  /** The models, each after those that it and its checks read; else by name. */
  readonly order: readonly Model[];
  /** By model, the tables that its SELECT reads, sorted; those without a model too. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** By table, the models that read it, sorted. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/** What stands for a Bronze model's incoming rows. */
const landing = "landing";

/** Finds what each model and each of its checks reads, by the model's name. */
export async function findReferences(
  connection: Connection,
  models: readonly Model[]
): Promise<Map<string, Reference[]>> {
  const found = new Map<string, Reference[]>();
  for (const {name, sources, checks} of models) {
    const references: Reference[] = [];
    for (const {file, sql, line: first, check} of [
      ...sources.map((source) => ({...source, check: false})),
      ...checks.map((source) => ({...source, check: true}))
    ]) {
      const select = await tryParse(connection, sql);
      if ("reason" in select) throw new Error(`${file}:${first}: ${select.reason}`);
      const {tables, lines} = referencesOf(select);
      for (const table of tables) references.push({table, file, line: first - 1 + lines.get(table)!, check});
    }
    found.set(name, references);
  }
  return found;
}

/**
 * Orders the models by what they read. `known` are tables that no model makes but the program does: `ops.run`.
 * `landing` in a Bronze model and `parameter` in one with parameters are no tables, and not in the graph.
 *
 * @throws Error naming all unknown tables, and all cycles, with file and line.
 */
export function graphOf(
  models: readonly Model[],
  references: ReadonlyMap<string, readonly Reference[]>,
  known: Iterable<string> = []
): Graph {
  const byName = new Map([...models].sort(byNames).map((model) => [model.name, model]));
  const tables = new Set([...byName.keys(), ...known]);
  const problems: string[] = [];
  const inputs = new Map<string, string[]>();
  const before = new Map<string, Reference[]>();
  for (const model of byName.values()) {
    const mentioned = (references.get(model.name) ?? []).filter(({table}) => !isStandIn(table, model));
    for (const {table, file, line} of mentioned) {
      if (!tables.has(table)) problems.push(`${file}:${line}: unknown table: ${table}${didYouMean(table, tables)}`);
    }
    const read = mentioned.filter(({check}) => !check).map(({table}) => table);
    inputs.set(model.name, [...new Set(read)].sort());
    // A check reads the table it checks: that is no cycle.
    before.set(
      model.name,
      mentioned.filter(({table, check}) => byName.has(table) && !(check && table === model.name))
    );
  }

  const order: Model[] = [];
  const placed = new Set<string>();
  const place = (name: string, path: readonly string[]) => {
    if (placed.has(name)) return;
    for (const {table, file, line} of before.get(name)!) {
      const cycle = [...path, name];
      const start = cycle.indexOf(table);
      if (start >= 0) problems.push(`${file}:${line}: cycle: ${[...cycle.slice(start), table].join(" -> ")}`);
      else place(table, cycle);
    }
    placed.add(name);
    order.push(byName.get(name)!);
  };
  for (const name of byName.keys()) place(name, []);
  if (problems.length > 0) throw new Error([...new Set(problems)].join("\n"));

  const dependents = new Map<string, string[]>([...tables].map((table) => [table, []]));
  for (const [name, read] of inputs) for (const table of read) dependents.get(table)!.push(name);
  return {order, inputs, dependents};
}

function isStandIn(table: string, {name, params}: Model): boolean {
  if (table === landing) return name.startsWith("bronze.");
  return table === parameterRelation && Object.keys(params).length > 0;
}

function byNames(a: Model, b: Model): number {
  return a.name < b.name ? -1 : 1;
}
