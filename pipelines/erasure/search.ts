import {readFile} from "node:fs/promises";
import {join, relative, resolve, sep} from "node:path";
import {gunzipSync} from "node:zlib";
import {type Connection, identifier, literal} from "../engines/duckdb.js";
import type {Catalog} from "../models/catalog.js";
import {encodingOfHead} from "../sources/formats/encoding.js";
import {readRefused} from "../sources/landed.js";
import {clientOf, mention, mentions, stands} from "./customer.js";
import {draftFolder} from "./draft.js";
import {filesUnder, parquetOf} from "./files.js";
import {type Identities, idColumns} from "./identity.js";
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
  identities: Identities,
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
      // What the program itself writes of a file names its source alone, and a source's clients may be several.
      const whose = catalog.models.has(table) ? clientOf(columns, identities) : undefined;
      const held = new Set(idColumns(columns, identities));
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

/**
 * Searches every file in the lake's folder that is neither in the landing folder nor a table's: the logs, lineage and
 * metrics of runs, the truth of generated data, and what others have put there.
 *
 * @param roots the folders of the tables and the landing folder
 */
export async function searchOthers(
  database: Connection,
  lake: string,
  roots: readonly string[],
  {ids, sharedIds}: Sought
): Promise<Search> {
  const own = ids.filter((id) => !sharedIds.includes(id));
  const hits: Hit[] = [];
  let searched = 0;
  // What the engine spilled to disk goes with its process.
  const left = [...roots, join(lake, ".tmp")].map((root) => resolve(root) + sep);
  for (const file of await filesUnder(lake)) {
    if (left.some((root) => resolve(file).startsWith(root))) continue;
    searched++;
    const place = relative(lake, file);
    if (namesId(place, own) || (await holds(database, file, own))) hits.push({kind: "record", place});
  }
  return {tables: 0, files: searched, hits};
}

/** The files in which runs tell of themselves. */
export async function recordFiles(lake: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["logs", "lineage", "metrics"]) found.push(...(await filesUnder(join(lake, folder))));
  return found;
}

/**
 * Whether a file has one of the ids in it: in the rows of Parquet, or in text of any encoding, compressed or not. In
 * files that no table reads, an id of digits alone also matches without quotes.
 */
async function holds(
  database: Connection,
  file: string,
  ids: readonly string[],
  {isUnread = false} = {}
): Promise<boolean> {
  if (ids.length === 0) return false;
  const bytes = unpacked(await readFile(file));
  if (bytes.subarray(0, 4).toString("latin1") === "PAR1") {
    const count = await rowsWith(database, [file], () => [(_, text) => mentions(text, ids), "true"]).catch(() => -1);
    if (count >= 0) return count > 0;
  }
  const encoding = encodingOfHead(bytes.subarray(0, 4096));
  const isBinary = encoding === "utf-8" && bytes.subarray(0, 4096).includes(0);
  // In a binary file, such as a database, nothing separates a text from its neighbours, and any encoding may occur.
  if (isBinary) return ["latin1", "utf8", "utf16le"].some((code) => namesId(bytes.toString(code as "utf8"), ids));
  const text = new TextDecoder(encoding).decode(bytes);
  const latin = new TextDecoder("windows-1252").decode(bytes);
  const isFound = (some: string) => (isUnread ? ids.some((id) => stands(some, id)) : mention(some, ids));
  return isFound(text) || (encoding === "utf-8" && latin !== text && isFound(latin));
}

/** The bytes of a gzip, whatever its name is; other bytes, and a gzip that is not whole, as they are. */
function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

/** So many files are read by one statement. */
const mostFiles = 500;

/**
 * How many rows of Parquet files meet a condition in a column, and another one of the row. Numbers count as the texts
 * they are in other formats: a meter's id may be stored as a number.
 */
async function rowsWith(
  database: Connection,
  files: readonly string[],
  where: (columns: readonly string[]) => readonly [column: (name: string, text: string) => string, row: string]
): Promise<number> {
  let count = 0;
  for (let at = 0; at < files.length; at += mostFiles) {
    const source = parquetOf(files.slice(at, at + mostFiles));
    const columns = await database.rows<{column_name: string; column_type: string}>(`DESCRIBE SELECT * FROM ${source}`);
    const [column, row] = where(columns.map(({column_name}) => column_name));
    const texts = columns
      .filter(({column_type}) => /VARCHAR|BLOB|INT|DOUBLE/.test(column_type))
      .map(({column_name}) => column(column_name, `CAST(${identifier(column_name)} AS VARCHAR)`));
    if (texts.length === 0) continue;
    const [found] = await database.rows<{count: bigint}>(
      `SELECT count(*) AS count FROM ${source} WHERE (${texts.join(" OR ")}) AND (${row})`
    );
    count += Number(found!.count);
  }
  return count;
}
