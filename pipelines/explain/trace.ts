import type {Slice} from "../delta/slice.js";
import {identifier} from "../engines/duckdb.js";
import type {Lakehouse} from "../lakehouse.js";
import type {Catalog} from "../models/catalog.js";
import type {Model} from "../models/model.js";
import {parse} from "../models/parse.js";
import {lineageColumn, withProvenance} from "../models/provenance.js";
import {widened} from "../models/values.js";
import {quantity} from "../observe/text.js";
import {faultText} from "../wording/command.js";
import {among, columnsOf, type Held, keepRows, relationOf, slicesOf, store} from "./rows.js";

/** Rows on the way from a row to what it is made from. */
export interface Traced extends Held {
  /** 0 for the rows asked for, 1 for those that they are made from, and so on. */
  readonly depth: number;
  /** The tables whose rows, told before, are made from these. */
  readonly into: readonly string[];
  /**
   * Whether the table's SELECT, run again over only the rows found below, gives these rows: the proof that nothing is
   * missing there. Undefined for what no SELECT makes.
   */
  readonly remade?: "same" | "differs";
  /** Why it isn't known what these rows are made from. */
  readonly notFollowed?: string;
}

/** More rows than this are too many to say of each whether it had a part. */
const mostCandidates = 5_000_000;

/**
 * Follows rows to those that they are made from, table by table, nearest first, up to the rows that came in. What a
 * longer way finds of a table that a shorter one led to comes as rows of their own.
 *
 * What is made from all days at once isn't followed on the way, nor what leads only there: the calendar is made for
 * the years of every day that ever came, which is not where a day is from.
 */
export async function trace(lake: Lakehouse, asked: Held): Promise<Traced[]> {
  const traced: Traced[] = [];
  let level: readonly (Held & Pick<Traced, "into">)[] = [{...asked, into: []}];
  for (let depth = 0; level.length > 0; depth++) {
    const found = new Map<string, {into: string[]; relations: string[]}>();
    for (const held of level) {
      const isFollowed = depth === 0 || leadsToArrivals(lake.catalog, held.table);
      const {inputs, ...rest} =
        isFollowed && !isOrigin(lake.catalog, held.table) ? await follow(lake, held) : {inputs: []};
      traced.push({...held, depth, ...rest});
      for (const [table, relation] of inputs) {
        const {into, relations} = found.get(table) ?? {into: [], relations: []};
        found.set(table, {into: [...into, held.table], relations: [...relations, relation]});
      }
    }
    const next: (Held & Pick<Traced, "into">)[] = [];
    for (const [table, {into, relations}] of found) {
      const told = traced.filter((earlier) => earlier.table === table).map(({relation}) => ` EXCEPT FROM ${relation}`);
      const select = `(${relations.map((relation) => `FROM ${relation}`).join(" UNION ")})${told.join("")}`;
      const held = await keepRows(lake, table, select);
      if (held.count > 0) next.push({...held, into});
    }
    level = next;
  }
  return traced;
}

/** Whether some way from a table to what came in goes by no table that is made from all days at once. */
function leadsToArrivals(catalog: Catalog, table: string): boolean {
  if (isOrigin(catalog, table)) return true;
  const {increment, portable, held} = catalog.models.get(table)!;
  // What asks a zone database is a calendar: of its rows' years, not of its rows. What is held is looked up in, too.
  if (!portable || held) return false;
  return catalog.inputs.get(table)!.some((input) => {
    const isOfDays = catalog.models.get(input)?.increment !== undefined;
    return !(isOfDays && increment === undefined) && leadsToArrivals(catalog, input);
  });
}

/** Whether a table holds what came in, from files or from the program itself. */
function isOrigin({models}: Pick<Catalog, "models">, table: string): boolean {
  return table.startsWith("bronze.") || !models.has(table);
}

interface Followed extends Pick<Traced, "remade" | "notFollowed"> {
  /** By input, a relation of the rows that had a part. */
  readonly inputs: ReadonlyMap<string, string>;
}

async function follow(lake: Lakehouse, held: Held): Promise<Followed> {
  const model = lake.catalog.models.get(held.table)!;
  try {
    // Keys mostly flow by name. Where they don't, the rows found are too few, and it shows: they don't make the row.
    const near = await inputsOf(lake, held, model, model.key);
    return near.remade === "same" ? near : await inputsOf(lake, held, model, []);
  } catch (error) {
    return {inputs: new Map(), notFollowed: faultText(error)};
  }
}

/** Finds the rows of a model's inputs behind rows of it, among those that share the values of some columns. */
async function inputsOf(lake: Lakehouse, held: Held, model: Model, shared: readonly string[]): Promise<Followed> {
  const {catalog, workspace} = lake;
  const slices = await slicesOf(lake, held, [...(model.increment ? [model.increment] : []), ...shared]);
  const candidates = await candidatesOf(lake, held, model, slices, shared);
  const tree = await parse(catalog.database, model.sql);
  const {sql, traced} = await withProvenance(catalog.database, tree, [...candidates.keys()]);
  for (const [index, [table, relation]] of [...candidates].entries())
    await workspace.define(table, `SELECT *, [rowid] AS ${lineageColumn(index)} FROM ${relation}`);
  const identity = (model.key.length > 0 ? model.key : held.columns.map(({name}) => name)).map(identifier);
  const isAsked = identity.map((name) => `asked.${name} IS NOT DISTINCT FROM made.${name}`).join(" AND ");
  const near = slices.filter(({column}) => model.key.includes(column)).map((slice) => among(held.columns, slice));
  const {relation: made} = await store(
    lake,
    `SELECT ${["1 AS row", ...traced.map(lineageColumn)].join(", ")} FROM (${sql}) AS made
     WHERE ${[...near, `EXISTS (FROM ${held.relation} AS asked WHERE ${isAsked})`].join(" AND ")}`
  );
  const inputs = new Map<string, string>();
  for (const [index, [table, relation]] of [...candidates].entries()) {
    const ids = `SELECT unnest(${lineageColumn(index)}) FROM ${made}`;
    if (traced.includes(index)) inputs.set(table, `(FROM ${relation} WHERE rowid IN (${ids}))`);
    // What is only asked for in a condition has no part in the row, but the row can't be made without it.
    await workspace.define(table, `FROM ${inputs.get(table) ?? relation}`);
  }
  const columns = held.columns.map(({name}) => identifier(name)).join(", ");
  const missing = await workspace.connection.rows(
    `SELECT ${columns} FROM ${held.relation} EXCEPT ALL SELECT ${columns} FROM (${model.sql}) LIMIT 1`
  );
  return {inputs, remade: missing.length === 0 ? "same" : "differs"};
}

/** Stores the rows of a model's inputs that could have a part, by input. */
async function candidatesOf(
  lake: Lakehouse,
  held: Held,
  model: Model,
  slices: readonly Slice[],
  shared: readonly string[]
): Promise<Map<string, string>> {
  const candidates = new Map<string, string>();
  const around = slices.map(({column, values}) =>
    column === model.increment ? {column, values: widened(values, model, -1)} : {column, values}
  );
  for (const input of lake.catalog.inputs.get(model.name) ?? []) {
    const isMade = lake.catalog.models.has(input);
    const names = (await columnsOf(lake, input)).map(({name}) => name);
    // A table of the program's own is small, and its settings may stand for all clients.
    let select = await relationOf(lake, input, isMade ? around : []);
    const both = shared.filter((name) => names.includes(name) && name !== model.increment).map(identifier);
    if (isMade && both.length > 0) {
      const isShared = both.map((name) => `held.${name} = candidate.${name}`).join(" AND ");
      select = `SELECT * FROM (${select}) AS candidate WHERE EXISTS (FROM ${held.relation} AS held WHERE ${isShared})`;
    }
    const {relation, count} = await store(lake, `FROM (${select}) LIMIT ${mostCandidates + 1}`);
    if (count > mostCandidates)
      throw new Error(`more than ${quantity(mostCandidates)} rows of ${input} could have a part`);
    candidates.set(input, relation);
  }
  return candidates;
}
