import {readdir, readFile} from "node:fs/promises";
import {join, relative, sep} from "node:path";
import {type Connection, identifier, literal} from "../engines/duckdb.js";
import type {Catalog} from "../models/catalog.js";
import {readPlain} from "../sources/formats/cut.js";
import {readRefused} from "../sources/landed.js";
import type {Source} from "../sources/source.js";
import {clientOf, idColumns, mention, mentions, stands} from "./customer.js";
import {draftFolder} from "./draft.js";
import {namesId} from "./paths.js";

/** What is looked for. */
export interface Sought {
  readonly client: string;
  readonly ids: readonly string[];
  /** Those of the ids that other clients have, too: what doesn't tell its client isn't searched for them. */
  readonly sharedIds: readonly string[];
}

/** A place in which one of the ids still stands. */
export interface Hit {
  readonly kind: "table" | "log" | "landing" | "record";
  /** A table, or a file: in the landing folder relative to it, else to the lake's. */
  readonly place: string;
  /** How many rows; undefined of a file that is searched as text. */
  readonly rows?: number;
}

/** What was searched, and found. */
export interface Search {
  readonly tables: number;
  readonly files: number;
  readonly hits: readonly Hit[];
}

/**
 * Searches every table: the rows of every data file in its folder, of whatever version, and every entry of its log.
 */
export async function searchTables(
  catalog: Catalog,
  tables: readonly string[],
  sources: readonly Source[],
  {client, ids, sharedIds}: Sought
): Promise<Search> {
  const own = ids.filter((id) => !sharedIds.includes(id));
  const hits: Hit[] = [];
  let [found, searched] = [0, 0];
  for (const table of tables) {
    const files = await filesUnder(catalog.root(table));
    if (files.length === 0) continue;
    found++;
    searched += files.length;
    const isLog = (file: string) => file.includes(`${sep}_delta_log${sep}`);
    const data = files.filter((file) => file.endsWith(".parquet") && !isLog(file));
    const rows = await rowsWith(catalog.database, data, (columns) => {
      const whose = clientOf(columns, sources);
      const held = new Set(idColumns(columns));
      const names = (some: readonly string[]) => (name: string, text: string) =>
        held.has(name) ? `trim(${text}) IN (${some.map(literal).join(", ") || "NULL"})` : mentions(text, some);
      return whose ? [names(ids), `coalesce(${whose}, ${literal(client)}) = ${literal(client)}`] : [names(own), "true"];
    });
    if (rows > 0) hits.push({kind: "table", place: table, rows});
    for (const file of files.filter((file) => !data.includes(file)))
      if (await holds(catalog.database, file, own)) hits.push({kind: "log", place: relative(catalog.folder, file)});
  }
  return {tables: found, files: searched, hits};
}

/** Searches every file in the landing folder, those included that no run looks into, and the names of all. */
export async function searchLanding(
  database: Connection,
  landing: string,
  {client, ids, sharedIds}: Sought
): Promise<Search> {
  const own = ids.filter((id) => !sharedIds.includes(id));
  const refused = await readRefused(landing);
  const others = new Set(
    refused.filter((line) => line.client !== client && line.client !== "shared").map(({path}) => path)
  );
  const hits: Hit[] = [];
  let searched = 0;
  for (const file of await filesUnder(landing)) {
    const path = relative(landing, file).split(sep).join("/");
    if (path === "_erasing.json" || path.startsWith(`${draftFolder}/`)) continue;
    searched++;
    // What lies among the rejected is in no table that would tell whose it is.
    const isUnread = path.startsWith("_rejected/");
    if (isUnread && others.has(path)) continue;
    const some = isUnread ? ids : own;
    if (mention(path, some) || (await holds(database, file, some, {isUnread})))
      hits.push({kind: "landing", place: path});
  }
  return {tables: 0, files: searched, hits};
}

/** Searches what runs told of themselves: their logs, lineage and metrics. */
export async function searchRecords(lake: string, {ids, sharedIds}: Sought): Promise<Search> {
  const own = ids.filter((id) => !sharedIds.includes(id));
  const hits: Hit[] = [];
  let searched = 0;
  for (const file of await recordFiles(lake)) {
    searched++;
    if (mention((await readPlain(file)).toString("utf8"), own))
      hits.push({kind: "record", place: relative(lake, file)});
  }
  return {tables: 0, files: searched, hits};
}

/** The files in which runs tell of themselves. */
export async function recordFiles(lake: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["logs", "lineage", "metrics"]) found.push(...(await filesUnder(join(lake, folder))));
  return found;
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Whether a file has one of the ids in it: in the rows of Parquet, in the text of others, packed or not. Of what no table
 * was read from, an id of digits is taken at its word without quotes.
 */
async function holds(
  database: Connection,
  file: string,
  ids: readonly string[],
  {isUnread = false} = {}
): Promise<boolean> {
  if (ids.length === 0) return false;
  const isParquet = file.toLowerCase().endsWith(".parquet");
  if (isParquet) {
    const count = await rowsWith(database, [file], () => [(_, text) => mentions(text, ids), "true"]).catch(() => -1);
    if (count >= 0) return count > 0;
  }
  // What is no whole gzip is searched as it is.
  const bytes = await readPlain(file).catch(() => readFile(file));
  if (!ids.some((id) => bytes.includes(id))) return false;
  const isText = !bytes.subarray(0, 4096).includes(0);
  // In a binary file, nothing parts a text from what is beside it.
  if (!isText) return namesId(bytes.toString("latin1"), ids);
  const text = bytes.toString("utf8");
  return isUnread ? ids.some((id) => stands(text, id)) : mention(text, ids);
}

/** So many files are read by one statement. */
const mostFiles = 500;

/** How many rows of Parquet files meet a condition in a column that holds text, and another one. */
async function rowsWith(
  database: Connection,
  files: readonly string[],
  where: (columns: readonly string[]) => readonly [column: (name: string, text: string) => string, row: string]
): Promise<number> {
  let count = 0;
  for (let at = 0; at < files.length; at += mostFiles) {
    const list = files.slice(at, at + mostFiles).map((file) => literal(file.replaceAll(/[*?[]/g, "[$&]")));
    const source = `read_parquet([${list.join(", ")}], union_by_name = true, hive_partitioning = false)`;
    const columns = await database.rows<{column_name: string; column_type: string}>(`DESCRIBE SELECT * FROM ${source}`);
    const [column, row] = where(columns.map(({column_name}) => column_name));
    const texts = columns
      .filter(({column_type}) => column_type.includes("VARCHAR") || column_type === "BLOB")
      .map(({column_name}) => column(column_name, `CAST(${identifier(column_name)} AS VARCHAR)`));
    if (texts.length === 0) continue;
    const [found] = await database.rows<{count: bigint}>(
      `SELECT count(*) AS count FROM ${source} WHERE (${texts.join(" OR ")}) AND (${row})`
    );
    count += Number(found!.count);
  }
  return count;
}
