import {type Connection, identifier} from "../engines/duckdb.js";
import {count} from "../observe/text.js";
import {databaseTables, sqliteTable} from "../sources/formats/sqlite.js";
import {certain, unknown} from "./finding.js";
import {knownByTables} from "./known_file.js";
import {define, type OpenFile, type Opening, rowColumn} from "./opened.js";

/** Opens a table of a database: the one that the person named, or the one with the most rows. */
export async function openSqlite(connection: Connection, {content, reading, table}: Opening): Promise<OpenFile> {
  const tables = await databaseTables(connection, reading);
  const format = certain(
    "format",
    "SQLite database",
    tables.length > 0 ? `its tables are ${tables.map(({name}) => name).join(", ")}` : "it has no tables"
  );
  if (tables.length === 0)
    return {kind: undefined, columns: [], findings: [format, unknown("rows", "there are none", "another file")]};
  const known = table === undefined ? knownByTables(tables.map(({name}) => name)) : undefined;
  if (known)
    return {kind: undefined, columns: [], findings: [format, certain("known format", known.name, "its tables")], known};
  if (table !== undefined && !tables.some(({name}) => name === table))
    throw new Error(`table not found: ${table}; the database has ${tables.map(({name}) => name).join(", ")}`, {
      cause: "usage"
    });
  const [largest] = [...tables].sort((a, b) => b.rows - a.rows);
  const chosen = tables.find(({name}) => name === table) ?? largest!;
  const reader = sqliteTable(chosen.name);
  const found = (await reader.columns(connection, [content], reading.limits)).get(content)!;
  if (found instanceof Error) throw found;
  const columns = await define(
    connection,
    `SELECT * EXCLUDE (landing_file, landing_row), landing_row AS ${identifier(rowColumn)} FROM (${reader.select([content], found)})`
  );
  const others =
    tables.length === 1
      ? "the only one"
      : `the one with the most rows, ${count(chosen.rows, "row")}; --table names another`;
  return {
    kind: "SQLite database",
    columns,
    findings: [format, certain("table", chosen.name, table === undefined ? others : "as --table says")]
  };
}
