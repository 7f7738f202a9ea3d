import type {Column} from "../delta/schema.js";
import type {Slice} from "../delta/slice.js";
import {literal} from "../engines/duckdb.js";
import type {Lakehouse} from "../lakehouse.js";
import {didYouMean} from "../models/near.js";
import {columnsOf, relationOf} from "./rows.js";

/** Rows of a table that somebody asks for: those that have all of the values. */
export interface Question {
  readonly table: string;
  readonly columns: readonly Column[];
  /** One value a column, as DuckDB casts it to text. */
  readonly asked: readonly Slice[];
}

/**
 * Understands which rows of a table are meant. A word is `column=value`, or the value of a column of the key: those
 * come in the key's order, and some may be left out. Where a value could be of several columns it is of the first
 * for which there is a row.
 *
 * @throws Error with `usage` as its cause for a column that isn't there, or a value that no column of the key can have
 */
export async function understand(lake: Lakehouse, table: string, words: readonly string[]): Promise<Question> {
  const tables = await lake.tables();
  if (!tables.includes(table))
    throw new Error(
      `table not found: ${table}${didYouMean(table, tables) || "; npm run -s lake -- tables lists those there are"}`
    );
  const columns = await columnsOf(lake, table);
  const asked: Slice[] = [];
  const values: string[] = [];
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) values.push(word);
    else asked.push(await sliceOf(lake, table, columns, name, value!));
  }
  const {key = [], increment} = lake.catalog.models.get(table) ?? {};
  const places = [...key, ...(increment && !key.includes(increment) ? [increment] : [])]
    .filter((name) => !asked.some(({column}) => column === name))
    .flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const placed = await place(lake, table, places, values, asked);
  return {table, columns, asked: [...asked, ...placed]};
}

async function sliceOf(
  lake: Lakehouse,
  table: string,
  columns: readonly Column[],
  name: string,
  value: string
): Promise<Slice> {
  const column = columns.find((column) => column.name === name);
  if (!column) {
    const names = columns.map((column) => column.name);
    throw wrongUsage(`column not found: ${name}${didYouMean(name, names) || `; ${table} has ${names.join(", ")}`}`);
  }
  const fit = await fitting(lake, column, value);
  if (fit === undefined) throw wrongUsage(`${name} of ${table} is ${column.type}, not: ${value}`);
  return {column: name, values: [fit]};
}

/** Gives each value a column, in order. */
async function place(
  lake: Lakehouse,
  table: string,
  columns: readonly Column[],
  values: readonly string[],
  asked: readonly Slice[]
): Promise<Slice[]> {
  const names = columns.map(({name}) => name).join(", ");
  if (values.length > columns.length) {
    const takes =
      columns.length === 0 ? "has no further key: write column=value" : `takes ${columns.length} at most: ${names}`;
    throw wrongUsage(`too many values: ${values.join(" ")}; ${table} ${takes}`);
  }
  const fits: Slice[][] = [];
  for (const value of values) {
    const fit: Slice[] = [];
    // What reads as a date, a number or an instant is taken for one before it is taken for a text.
    for (const column of [...columns].sort((a, b) => Number(a.type === "VARCHAR") - Number(b.type === "VARCHAR"))) {
      const cast = await fitting(lake, column, value);
      if (cast !== undefined) fit.push({column: column.name, values: [cast]});
    }
    fits.push(fit);
  }
  const order = columns.map(({name}) => name);
  const choose = async (chosen: readonly Slice[], isRight: Judge): Promise<readonly Slice[] | undefined> => {
    if (chosen.length === values.length) return chosen;
    const last = chosen.at(-1);
    for (const slice of fits[chosen.length]!) {
      const next = [...chosen, slice];
      if (last && order.indexOf(slice.column) <= order.indexOf(last.column)) continue;
      const rest = (await isRight([...asked, ...next])) && (await choose(next, isRight));
      if (rest) return rest;
    }
    return undefined;
  };
  const guess = await choose([], async () => true);
  if (guess) {
    if (await exists(lake, table, [...asked, ...guess])) return [...guess];
    return [...((await choose([], (slices) => exists(lake, table, slices))) ?? guess)];
  }
  throw wrongUsage(
    `not a key of ${table}: ${values.join(" ")}; its key is ${names}, in that order, or write column=value`
  );
}

type Judge = (slices: readonly Slice[]) => Promise<boolean>;

async function exists(lake: Lakehouse, table: string, slices: readonly Slice[]): Promise<boolean> {
  const rows = await lake.workspace.connection.rows(`FROM (${await relationOf(lake, table, slices)}) LIMIT 1`);
  return rows.length > 0;
}

/** A text as a column's type writes it; undefined where the column can't hold it. */
async function fitting(lake: Lakehouse, {type}: Column, value: string): Promise<string | undefined> {
  if (type === "VARCHAR") return value;
  // A date alone is no instant, and no instant a date: 2022-10-30 isn't meant as its midnight.
  if (type.startsWith("TIMESTAMP") && !/\d[T ]\d/.test(value)) return undefined;
  if (type === "DATE" && !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
  const [row] = await lake.catalog.database.rows<{value: string | null}>(
    `SELECT CAST(TRY_CAST(${literal(value)} AS ${type}) AS VARCHAR) AS value`
  );
  return row!.value ?? undefined;
}

function wrongUsage(sentence: string): Error {
  return new Error(sentence, {cause: "usage"});
}
