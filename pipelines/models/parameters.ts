import {literal} from "../engines/duckdb.js";
import type {Model} from "./model.js";
import {didYouMean} from "./near.js";
import {isDate} from "./values.js";

/**
 * The name by which a SELECT reads its parameters: a relation of one row, with a STRING column for each
 * `-- param: name = default` of the header. Every engine takes it and the parse tree shows it, where `:name` and
 * `$name` are read by one engine each:
 *
 *     SELECT … FROM silver.reading CROSS JOIN parameter WHERE local_date < CAST(parameter.as_of AS DATE)
 */
export const parameterRelation = "parameter";

/** Values given for parameters, by name: of every model that declares one of that name. */
export type ParameterValues = Readonly<Record<string, string>>;

/**
 * A model with the values of its parameters in place: those given, for the others their defaults. Its SELECT and its
 * checks then stand for themselves, `parameter` being the first of their common table expressions.
 */
export function withParameters(model: Model, given: ParameterValues): Model {
  const names = Object.keys(model.params);
  if (names.length === 0) return model;
  const params = Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(given, name) ? given[name]! : model.params[name]!])
  );
  return {
    ...model,
    params,
    sql: provide(model.sql, params),
    checks: model.checks.map((check) => ({...check, sql: provide(check.sql, params)}))
  };
}

/** Adds to a SELECT's common table expressions; on the same line, so that errors name the lines of the file. */
function provide(sql: string, params: ParameterValues): string {
  const row = Object.entries(params).map(([name, value]) => `CAST(${literal(value)} AS STRING) AS ${name}`);
  const expression = `${parameterRelation} AS (SELECT ${row.join(", ")})`;
  const [opening] = /^WITH(\s+RECURSIVE)?\b/i.exec(sql) ?? [];
  return opening ? `${opening} ${expression},${sql.slice(opening.length)}` : `WITH ${expression} ${sql}`;
}

/**
 * Refuses values that no model can take: of a parameter that none declares, or unlike the default. A default that is a
 * date, a whole number or a decimal number asks for another of its kind; any other default takes any text.
 *
 * @throws Error with `usage` as its cause, naming the parameter, the value and what there is instead.
 */
export function refuseUnfit(given: ParameterValues, models: readonly Model[]): void {
  const declared = new Map<string, string[]>();
  for (const {params} of models) {
    for (const [name, preset] of Object.entries(params)) declared.set(name, [...(declared.get(name) ?? []), preset]);
  }
  for (const [name, value] of Object.entries(given)) {
    const presets = declared.get(name);
    if (!presets) {
      const there = declared.size > 0 ? `there are ${[...declared.keys()].sort().join(", ")}` : "no model declares one";
      throw wrongUsage(`parameter not found: ${name}${didYouMean(name, declared.keys()) || `; ${there}`}`);
    }
    for (const preset of presets) {
      const kind = kinds.find(({fits}) => fits(preset));
      if (kind && !kind.fits(value)) {
        throw wrongUsage(`parameter ${name} is ${kind.name}, not: ${value}; write it as ${preset}`);
      }
    }
  }
}

const kinds = [
  {name: "a date", fits: isDate},
  {name: "a whole number", fits: (text: string) => /^-?\d+$/.test(text)},
  {name: "a number", fits: (text: string) => /^-?\d+(\.\d+)?$/.test(text)}
];

function wrongUsage(sentence: string): Error {
  return new Error(sentence, {cause: "usage"});
}
