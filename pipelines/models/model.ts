import {readdir, readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import {readMacros} from "./functions.js";
import {
  bronzeKeys,
  type CheckHeader,
  checkKeys,
  type Entry,
  type Header,
  listed,
  modelKeys,
  type Problem,
  readCheckHeader,
  readComment,
  readHeader
} from "./header.js";
import {lint} from "./lint.js";
import {didYouMean} from "./near.js";
import {type NotOneSelect, type Select, tryParse} from "./parse.js";
import {lineAt, type Statement, statements} from "./text.js";
import {outputColumns, serializeAll} from "./tree.js";

/** The SELECT of one file. */
export interface Source extends Statement {
  readonly file: string;
}

/** A table as SQL: a file, or a folder of files that is their union. */
export interface Model extends Header {
  /** Dotted, from the path: `silver.reading` is `sql/silver/reading.sql` or `sql/silver/reading/*.sql`. */
  readonly name: string;
  /** The table's description: of a folder, its first file's. */
  readonly description: string;
  /** In name order, each without its header and closing semicolon. */
  readonly sources: readonly Source[];
  /** One SELECT: the file's, or the union of the folder's by position. */
  readonly sql: string;
  readonly checks: readonly Check[];
  /** The file or folder. */
  readonly file: string;
}

/** A SELECT of rows that must not be: `sql/checks/silver.reading/non_negative.sql`. */
export interface Check extends CheckHeader {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
  readonly file: string;
  /** The line of the file on which the SELECT begins. */
  readonly line: number;
}

/** Folders of `sql/` that hold no tables. */
const otherFolders = ["checks", "functions"];

/**
 * Reads the models and checks in folders of SQL, sorted by name; a name is used once in all of them. Files are parsed, their headers
 * read, and the portable ones linted; the tables they read are not looked up.
 *
 * @throws Error with a line for each thing wrong in any file: `file:line: sentence`.
 */
export async function loadModels(connection: Connection, ...folders: readonly string[]): Promise<Model[]> {
  const problems: Problem[] = [];
  const macros = new Set((await readMacros(...folders)).map(({name}) => name));
  const models = new Map<string, Model>();
  await parseAll(connection, folders);
  const schemas = await Promise.all(folders.map(entriesOf));
  for (const schema of schemas.flat()) {
    if (!schema.isFolder || otherFolders.includes(schema.name)) continue;
    for (const entry of await entriesOf(schema.path)) {
      if (!entry.isFolder && !entry.name.endsWith(".sql")) continue;
      const name = `${schema.name}.${entry.name.replace(/\.sql$/, "")}`;
      const problem = (message: string) => problems.push({file: entry.path, line: 1, message});
      if (!/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(name)) problem(`no table name: ${name}; use a-z, 0-9 and _`);
      const other = models.get(name);
      if (other && dirname(other.file) === schema.path) problem(`table twice: ${name} is a file and a folder`);
      else if (other) problem(`table twice: ${name} is in ${other.file} as well; give yours another name`);
      const files = entry.isFolder
        ? (await entriesOf(entry.path)).filter((file) => file.name.endsWith(".sql")).map(({path}) => path)
        : [entry.path];
      if (files.length === 0) problem(`no .sql file in it: ${name}`);
      models.set(name, await loadModel(connection, name, entry.path, files, macros, problems));
    }
  }
  const checks = new Map<string, Check[]>();
  for (const folder of folders)
    for (const [table, found] of await loadChecks(connection, join(folder, "checks"), [...models.keys()], problems)) {
      const before = checks.get(table) ?? [];
      for (const {name, file} of found)
        if (before.some((check) => check.name === name))
          problems.push({
            file,
            line: 1,
            message: `check twice: ${table} has a check ${name} already; give yours another name`
          });
      checks.set(table, [...before, ...found]);
    }
  if (problems.length > 0) {
    throw new Error(problems.map(({file, line, message}) => `${file}:${line}: ${message}`).join("\n"));
  }
  return [...models.values()]
    .map((model) => ({...model, checks: checks.get(model.name) ?? []}))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Has the SELECTs of all files parsed in one go, which is much quicker than one after the other. */
async function parseAll(connection: Connection, folders: readonly string[]): Promise<void> {
  const entries = await Promise.all(
    folders.map((folder) => readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []))
  );
  const files = entries
    .flat()
    .filter(({name, parentPath}) => name.endsWith(".sql") && !parentPath.endsWith("functions"));
  const texts = await Promise.all(files.map(({name, parentPath}) => readSql(join(parentPath, name))));
  await serializeAll(
    connection,
    texts.flatMap((text) => statements(text).map(({sql}) => sql))
  );
}

async function readSql(file: string): Promise<string> {
  return (await readFile(file, "utf8")).replaceAll("\r\n", "\n");
}

async function loadModel(
  connection: Connection,
  name: string,
  file: string,
  files: readonly string[],
  macros: ReadonlySet<string>,
  problems: Problem[]
): Promise<Model> {
  const isBronze = name.startsWith("bronze.");
  const parts = await Promise.all(
    files.map((path) => loadFile(connection, path, isBronze ? bronzeKeys : modelKeys, problems))
  );
  const header = readHeader(agreed(parts, problems), problems);
  const columns = parts.map(({select}) => select && outputColumns(select.node));
  for (const [index, {source, select}] of parts.entries()) {
    if (!select) continue;
    const problem = (line: number, message: string) =>
      problems.push({file: source.file, line: source.line - 1 + line, message});
    const portable = header.portable && !isBronze;
    for (const {line, message} of lint(select, {portable, macros})) problem(line, message);
    const difference = firstDifference(columns[0], columns[index]);
    if (difference)
      problem(1, `${difference} in ${files[0]}; a folder's files give the same columns in the same order`);
  }
  const first = parts[0];
  if (first && columns[0]) {
    for (const column of [
      ...header.key,
      ...header.partition,
      ...(header.increment ? [header.increment] : []),
      ...Object.keys(header.dictionary),
      ...["meter", "location", "unread"].flatMap((role) => listed(header.extra[role]))
    ]) {
      if (columns[0].includes(column)) continue;
      const line = first.entries.find(({value}) => value.split(/[\s,]+/).includes(column))?.line ?? 1;
      const message = `column not found: ${column}${didYouMean(
        column,
        columns[0].flatMap((name) => name ?? [])
      )}`;
      problems.push({file: first.source.file, line, message});
    }
  }
  const sources = parts.map(({source}) => source);
  const union = sources.map(({sql}) => `(${sql}\n)`).join("\nUNION ALL\n");
  const sql = sources.length === 1 ? sources[0]!.sql : union;
  return {name, description: first?.description ?? "", ...header, sources, sql, checks: [], file};
}

/** A file of one SELECT under a header, read as far as it can be. */
interface Part {
  readonly description: string;
  readonly entries: readonly Entry[];
  readonly source: Source;
  readonly select?: Select;
}

async function loadFile(
  connection: Connection,
  file: string,
  keys: readonly string[],
  problems: Problem[]
): Promise<Part> {
  const text = await readSql(file);
  const comment = readComment(text, file, keys, problems);
  const found = statements(text);
  // Parsed without what stands around it, its places count from its own first line; what is wrong, from the file's.
  const [only] = found.length === 1 ? found : [];
  const select = only && (await tryParse(connection, only.sql));
  if (only && select && !("reason" in select)) return {...comment, source: {file, ...only}, select};
  const {reason, line} = {...select, ...(await tryParse(connection, text))} as NotOneSelect;
  const at = line ?? found[found.length > 1 ? 1 : 0]?.line ?? lineAt(text);
  problems.push({file, line: at, message: reason});
  return {...comment, source: {file, sql: "", line: 1}};
}

/** The entries of a folder's files: each may say a key, or leave it to another; those that say it must agree. */
function agreed(parts: readonly Part[], problems: Problem[]): Entry[] {
  const entries: Entry[] = [];
  for (const entry of parts.flatMap((part) => part.entries)) {
    const isSame = ({key, value}: Entry) =>
      key === entry.key && (key !== "param" || value.split("=")[0]!.trim() === entry.value.split("=")[0]!.trim());
    const other = entries.find((earlier) => earlier.file !== entry.file && isSame(earlier));
    if (other === undefined) entries.push(entry);
    else if (other.value !== entry.value) {
      const message = `${entry.key} is ${entry.value} here and ${other.value} in ${other.file}`;
      problems.push({file: entry.file, line: entry.line, message});
    }
  }
  return entries;
}

type Columns = ReturnType<typeof outputColumns>;

function firstDifference(ours: Columns, theirs: Columns): string | undefined {
  if (!ours || !theirs) return undefined;
  const index = ours.findIndex((column, at) => column !== theirs[at]);
  if (index >= 0) return `column ${index + 1} is ${theirs[index] ?? "none"} here and ${ours[index] ?? "none"}`;
  return theirs.length > ours.length ? `${theirs.length} columns here and ${ours.length}` : undefined;
}

async function loadChecks(
  connection: Connection,
  folder: string,
  tables: readonly string[],
  problems: Problem[]
): Promise<Map<string, Check[]>> {
  const checks = new Map<string, Check[]>();
  for (const table of await entriesOf(folder)) {
    if (!table.isFolder) continue;
    if (!tables.includes(table.name)) {
      const message = `checks of an unknown table: ${table.name}${didYouMean(table.name, tables)}`;
      problems.push({file: table.path, line: 1, message});
    }
    const files = (await entriesOf(table.path)).filter(({name}) => name.endsWith(".sql"));
    const loaded = await Promise.all(
      files.map(async ({name, path}): Promise<Check> => {
        const {description, entries, source, select} = await loadFile(connection, path, checkKeys, problems);
        for (const {line, message} of select ? lint(select, {portable: false}) : []) {
          problems.push({file: path, line: source.line - 1 + line, message});
        }
        return {name: name.replace(/\.sql$/, ""), description, ...readCheckHeader(entries, problems), ...source};
      })
    );
    checks.set(table.name, loaded);
  }
  return checks;
}

async function entriesOf(folder: string): Promise<{name: string; path: string; isFolder: boolean}[]> {
  const entries = await readdir(folder, {withFileTypes: true}).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter(({name}) => !name.startsWith("."))
    .map((entry) => ({name: entry.name, path: join(folder, entry.name), isFolder: entry.isDirectory()}))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
