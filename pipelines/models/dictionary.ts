import type {Slice} from "../delta/slice.js";
import {type Connection, identifier, literal} from "../engines/duckdb.js";
import type {Workspace} from "../engines/workspace.js";
import {type Catalog, storedInputs} from "./catalog.js";
import type {Model} from "./model.js";
import {rowsOf} from "./relations.js";

/** What a model's SELECT becomes with dictionaries, and the SELECTs that its inputs' names have to stand for. */
export interface WithDictionaries {
  readonly sql: string;
  readonly instead: ReadonlyMap<string, string>;
}

/**
 * Makes the dictionaries of a model whose header names columns of few different texts. Its text columns then are
 * numbers of a dictionary (ENUM) from the inputs to the file: Parquet is written so anyway, and DuckDB need not look
 * each text of each row up. The rows are the same, and so is their order, as a dictionary's texts are sorted.
 */
export async function withDictionaries(
  {connection}: Workspace,
  catalog: Catalog,
  {name, sql, dictionary}: Model,
  slice: Slice
): Promise<WithDictionaries> {
  const listed = Object.keys(dictionary).filter((column) => dictionary[column]!.length > 0);
  const carried = Object.keys(dictionary).filter((column) => !listed.includes(column));
  const carriers = new Map<string, {rows: string; columns: string[]}>();
  for (const input of carried.length > 0 ? storedInputs(catalog, name) : []) {
    const texts = (await catalog.snapshot(input))!.columns.filter(
      (column) => carried.includes(column.name) && column.type === "VARCHAR"
    );
    if (texts.length > 0)
      carriers.set(input, {rows: await rowsOf(catalog, input, slice), columns: texts.map(({name}) => name)});
  }
  const plain = new Set<string>();
  for (const column of carried) {
    const texts = [...carriers.values()]
      .filter(({columns}) => columns.includes(column))
      .map(({rows}) => `SELECT DISTINCT ${identifier(column)} AS text FROM (${rows})`);
    if (texts.length > 0 && !(await createDictionary(connection, column, texts.join(" UNION ALL ")))) plain.add(column);
  }
  const isCoded = (name: string) => !plain.has(name);
  for (const column of listed) {
    await connection.run(
      `CREATE TYPE ${dictionaryOf(column)} AS ENUM (${dictionary[column]!.map(literal).join(", ")})`
    );
  }
  return {
    sql: listed.length === 0 ? sql : `SELECT * REPLACE (${listed.map(asDictionary).join(", ")}) FROM (${sql})`,
    instead: new Map(
      [...carriers].map(([input, {rows, columns}]) => [
        input,
        columns.some(isCoded)
          ? `SELECT * REPLACE (${columns.filter(isCoded).map(asDictionary).join(", ")}) FROM (${rows})`
          : `SELECT * FROM (${rows})`
      ])
    )
  };
}

/**
 * Makes the dictionary of a column's texts; false where one has NUL, at which the text of a view with such a dictionary
 * would end. Lakes of older versions can have some.
 */
async function createDictionary(connection: Connection, column: string, texts: string): Promise<boolean> {
  const type = dictionaryOf(column);
  // An empty text stands where the inputs have none: DuckDB can't sort or group by an ENUM without values.
  await connection.run(
    `CREATE TYPE ${type} AS ENUM (
       SELECT coalesce(text, '') FROM (SELECT 1)
       LEFT JOIN (SELECT DISTINCT text FROM (${texts}) WHERE text IS NOT NULL) ON true
       ORDER BY text)`
  );
  const [nul] = await connection.rows(
    `SELECT 1 FROM (SELECT unnest(enum_range(CAST(NULL AS ${type}))) AS text) WHERE contains(text, chr(0)) LIMIT 1`
  );
  if (nul) await connection.run(`DROP TYPE ${type}`);
  return !nul;
}

/** The error of running such a SELECT, in the words of its header where a text isn't one of those listed there. */
export function dictionaryError(model: Model, error: unknown): unknown {
  const text = /Could not convert string '(.*)' to UINT/s.exec(error instanceof Error ? error.message : "")?.[1];
  if (text === undefined) return error;
  return new Error(`text not in a dictionary of ${model.name}: ${text}; add it to those that ${model.file} lists`, {
    cause: error
  });
}

function asDictionary(column: string): string {
  return `CAST(${identifier(column)} AS ${dictionaryOf(column)}) AS ${identifier(column)}`;
}

function dictionaryOf(column: string): string {
  return identifier(`dictionary_of_${column}`);
}
