import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {quoteName} from "../engines/workspace.js";

/** A table or a view to write to a DuckDB file. */
export interface DuckDBEntry {
  readonly name: string;
  readonly description: string;
  /** A view's SELECT, where all it reads is in the file as well; undefined for a table. */
  readonly view?: string;
}

/**
 * Writes tables and views, with their descriptions as comments, to one DuckDB file.
 *
 * @param macros the `CREATE MACRO` statements of the functions that the views call
 */
export async function writeDuckDB(
  connection: Connection,
  entries: readonly DuckDBEntry[],
  macros: readonly string[],
  file: string
): Promise<void> {
  await connection.run(`ATTACH ${literal(file)} AS export_file`);
  try {
    for (const {name} of entries)
      await connection.run(`CREATE SCHEMA IF NOT EXISTS export_file.${identifier(name.split(".")[0]!)}`);
    for (const {name, description, view} of entries) {
      if (view !== undefined) continue;
      await connection.run(`CREATE TABLE export_file.${quoteName(name)} AS SELECT * FROM ${quoteName(name)}`);
      await connection.run(`COMMENT ON TABLE export_file.${quoteName(name)} IS ${literal(description)}`);
    }
    await writeViews(connection, entries, macros);
  } finally {
    await connection.run("DETACH export_file");
  }
}

/** Views are made from inside the file, so that the names in them are the file's. */
async function writeViews(
  connection: Connection,
  entries: readonly DuckDBEntry[],
  macros: readonly string[]
): Promise<void> {
  const views = entries.filter(({view}) => view !== undefined);
  if (views.length === 0) return;
  const inside = await connection.fork();
  try {
    await inside.run("USE export_file");
    for (const macro of macros) await inside.run(macro);
    for (const {name, description, view} of views) {
      await inside.run(`CREATE VIEW ${quoteName(name)} AS ${view}`);
      await inside.run(`COMMENT ON VIEW ${quoteName(name)} IS ${literal(description)}`);
    }
    await inside.run("USE memory");
  } finally {
    inside.close();
  }
}
