import {identifier, literal} from "../../engines/duckdb.js";

/**
 * A SELECT of which file each `number` stands for, as `landing_file`: rows of several files in one table bear its number, which is
 * shorter than its path. `texts` are more columns, by their names: a text for each file.
 */
export function fileNumbers(
  files: readonly string[],
  numbers: readonly number[],
  texts: readonly (readonly [name: string, texts: readonly string[]])[] = []
): string {
  const column = (name: string, values: readonly (string | number)[]) => `unnest([${values.join(", ")}]) AS ${name}`;
  const columns = [
    column("landing_file", files.map(literal)),
    column("number", numbers),
    ...texts.map(([name, each]) => column(identifier(name), each.map(literal)))
  ];
  return `SELECT ${columns.join(", ")}`;
}
