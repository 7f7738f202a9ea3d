import {createHash} from "node:crypto";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {type Connection, engineVersion} from "../engines/duckdb.js";
import {viewsBehind} from "./catalog.js";
import {fingerprint} from "./fingerprint.js";
import {installMacros, type Macro, readMacros} from "./functions.js";
import {findReferences, graphOf} from "./graph.js";
import {kept} from "./kept_project.js";
import {loadModels, type Model} from "./model.js";
import {type ParameterValues, refuseUnfit, withParameters} from "./parameters.js";
import {sqlFolders} from "./sql_folders.js";

/** The SQL of a lake, read and understood: its models in the order they are built in. */
export interface Project {
  /** Each after those it reads. */
  readonly models: readonly Model[];
  /** By model, the tables that its SELECT reads. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** By model, what its rows depend on besides its inputs: its text, that of the views it reads, the engine. */
  readonly fingerprints: ReadonlyMap<string, string>;
  /** Every table there can be, the program's own included. */
  readonly tables: readonly string[];
  /** The functions that the models call. */
  readonly macros: readonly Macro[];
  readonly engineVersion: string;
}

/** Tables that the program writes, not a model. */
export const ownTables: readonly string[] = [
  "bronze.source",
  "bronze.file_reject",
  "bronze.file_account",
  "bronze.record_reject",
  "quality.check_failure",
  "ops.run",
  "ops.erasure"
];

/** What was understood of a folder's SQL, by the digest of that SQL and the parameters' values: a process that opens many lakes reads it once. */
const understood = new Map<string, Promise<Project>>();

/**
 * Reads a folder of models, by default the program's and that of the project in the current folder, and installs their functions. `params` are values of the
 * models' parameters instead of their defaults: a model's SELECT and its fingerprint then have those.
 *
 * @throws Error that lists everything wrong with the models, each with file and line; or, with `usage` as its cause,
 * that says why a value can't be a parameter's.
 */
export async function openProject(
  database: Connection,
  {sql, params = {}}: {readonly sql?: string; readonly params?: ParameterValues} = {}
): Promise<Project> {
  const folders = sql === undefined ? sqlFolders() : [sql];
  const macros = await readMacros(...folders);
  await installMacros(database, macros);
  const parts = [await Promise.all(folders.map(digestOf)), params, await engineVersion(database)];
  const key = JSON.stringify(parts);
  const project = understood.get(key) ?? kept(parts, () => understand(database, folders, macros, params));
  understood.set(key, project);
  return project;
}

async function understand(
  database: Connection,
  folders: readonly string[],
  macros: readonly Macro[],
  params: ParameterValues
): Promise<Project> {
  const loaded = await loadModels(database, ...folders);
  refuseUnfit(params, loaded);
  const {order: declared, inputs} = graphOf(loaded, await findReferences(database, loaded), ownTables);
  const order = declared.map((model) => withParameters(model, params));
  const own = new Map<string, string>();
  for (const model of order) own.set(model.name, await fingerprint(database, model, macros));
  const views = {models: new Map(order.map((model) => [model.name, model])), inputs};
  const fingerprints = order.map(({name}): [string, string] => {
    const texts = [name, ...viewsBehind(views, name)].map((text) => own.get(text)!);
    return [name, texts.length === 1 ? texts[0]! : createHash("sha256").update(texts.join()).digest("hex")];
  });
  return {
    models: order,
    inputs,
    fingerprints: new Map(fingerprints),
    tables: [...order.map(({name}) => name), ...ownTables],
    macros,
    engineVersion: await engineVersion(database)
  };
}

async function digestOf(folder: string): Promise<string> {
  const hash = createHash("sha256").update(folder);
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(await readFile(file));
  return hash.digest("hex");
}

/**
 * The models to build, in order: all that are stored, or those named and what they are made from. Bronze isn't
 * built but taken in.
 *
 * @throws Error when a name isn't a model's.
 */
export function selected(project: Project, names: readonly string[] | undefined): Model[] {
  const unknown = names?.find((name) => !project.models.some((model) => model.name === name));
  if (unknown !== undefined)
    throw new Error(`table to select not found: ${unknown}; name one of ${modelNames(project)}`);
  const wanted = new Set<string>();
  const want = (name: string) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const input of project.inputs.get(name) ?? []) want(input);
  };
  for (const name of names ?? project.models.map((model) => model.name)) want(name);
  return project.models.filter(({name, stored}) => stored && wanted.has(name) && !name.startsWith("bronze."));
}

function modelNames(project: Project): string {
  return project.models
    .map(({name}) => name)
    .sort()
    .join(", ");
}
