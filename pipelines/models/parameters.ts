import {identifier, literal} from "../engines/duckdb.js";

/**
 * The name by which a SELECT reads its parameters: a relation of one row, with a STRING column for each
 * `-- param: name = default` of the header. Every engine takes it and the parse tree shows it, where `:name` and
 * `$name` are read by one engine each:
 *
 *     SELECT … FROM silver.reading CROSS JOIN parameter WHERE local_date < CAST(parameter.as_of AS DATE)
 */
export const parameterRelation = "parameter";

/** The SELECT that `parameter` stands for in DuckDB. */
export function parameterRow(params: Readonly<Record<string, string>>): string {
  return `SELECT ${Object.entries(params)
    .map(([name, value]) => `CAST(${literal(value)} AS STRING) AS ${identifier(name)}`)
    .join(", ")}`;
}
