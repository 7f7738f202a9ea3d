import type {Slice} from "../delta/slice.js";
import {identifier, literal} from "../engines/duckdb.js";
import {quoteName, type Workspace} from "../engines/workspace.js";
import {type Catalog, storedInputs} from "./catalog.js";
import type {Model} from "./model.js";
import {rowsOf} from "./relations.js";

/**
 * The SELECT of a model whose header names columns of few different texts, in a workspace where the model's inputs
 * are defined. Its text columns then are numbers of a dictionary (ENUM) from the inputs to the file: Parquet is
 * written so anyway, and DuckDB need not look each text of each row up. The rows are the same, and so is their order,
 * as a dictionary's texts are sorted.
 */
export async function withDictionaries(
  workspace: Workspace,
  catalog: Catalog,
  model: Model,
  slice: Slice
): Promise<string> {
  const {dictionary} = model;
  const listed = Object.keys(dictionary).filter((column) => dictionary[column]!.length > 0);
  const carried = Object.keys(dictionary).filter((column) => !listed.includes(column));
  const carriers = new Map<string, string[]>();
  for (const input of storedInputs(catalog, model.name)) {
    const {columns} = (await catalog.snapshot(input))!;
    if (!columns.some(({name}) => name === slice.column)) continue;
    const texts = columns.filter(({name, type}) => carried.includes(name) && type === "VARCHAR");
    if (texts.length > 0)
      carriers.set(
        input,
        texts.map(({name}) => name)
      );
  }
  const {connection} = workspace;
  for (const column of carried) {
    const texts = [...carriers]
      .filter(([, columns]) => columns.includes(column))
      .map(([input]) => `SELECT ${identifier(column)} AS text FROM ${quoteName(input)}`);
    if (texts.length === 0) continue;
    await connection.run(
      `CREATE TYPE ${dictionaryOf(column)} AS ENUM (
         SELECT DISTINCT text FROM (${texts.join(" UNION ALL ")}) WHERE text IS NOT NULL ORDER BY text)`
    );
  }
  for (const [input, columns] of carriers) {
    await workspace.define(
      input,
      `SELECT * REPLACE (${columns.map(asDictionary).join(", ")}) FROM (${await rowsOf(catalog, input, slice)})`
    );
  }
  for (const column of listed) {
    await connection.run(
      `CREATE TYPE ${dictionaryOf(column)} AS ENUM (${dictionary[column]!.map(literal).join(", ")})`
    );
  }
  return listed.length === 0
    ? model.sql
    : `SELECT * REPLACE (${listed.map(asDictionary).join(", ")}) FROM (${model.sql})`;
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
