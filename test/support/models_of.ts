import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, relative} from "node:path";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {findReferences} from "../../pipelines/models/graph.js";
import {loadModels} from "../../pipelines/models/model.js";

/** What energy comes in as, whoever sends it: a day's array, or labelled values. */
const energy = ["eliq_daily", "interval_row"];

/** The formats whose labels `silver.interval_time` reads, all of them at once. */
const labelled = ["interval_row", "smart_meter_reading"];

const folders = new Map<string, string>();

const copies: string[] = [];
process.once("exit", () => {
  for (const copy of copies) rmSync(copy, {recursive: true, force: true});
});

/**
 * A folder of the project's models that are made from some formats alone, those of energy by default. A lake of them
 * is made in a fraction of the time that all models take, and tests make hundreds.
 */
export function modelsOf(...formats: string[]): string {
  const key = formats.join();
  const folder = folders.get(key) ?? copyOfModels(formats.length > 0 ? formats : energy);
  folders.set(key, folder);
  return folder;
}

function copyOfModels(formats: readonly string[]): string {
  const others = formats.some((format) => labelled.includes(format)) ? labelled : [];
  const tables = new Set([...formats, ...others, "source", "file_account"].map((format) => `bronze.${format}`));
  const kept = new Set<string>();
  const files = readdirSync("sql", {recursive: true, encoding: "utf8"}).filter((file) => file.endsWith(".sql"));
  const models = files.filter((file) => !/^(checks|functions)\//.test(file));
  for (let before = -1; before < kept.size; ) {
    before = kept.size;
    for (const file of models.filter((file) => isMadeFrom(file, tables))) {
      kept.add(file);
      tables.add(tableOf(file));
    }
  }
  const [checks, functions] = ["checks", "functions"].map((room) =>
    files.filter((file) => file.startsWith(`${room}/`))
  );
  for (const file of checks!) if (tables.has(file.split("/")[1]!)) kept.add(file);
  for (const file of functions!) kept.add(file);
  return copyOf("sql", [...kept]);
}

/**
 * A folder of the models of these tables and of what they and their checks read, out of a folder of models. Names
 * that no model has are left out: the program writes such tables itself.
 */
export async function modelsBehind(tables: readonly string[], folder: string): Promise<string> {
  const duckdb = await openDuckDB({threads: 1});
  const models = await loadModels(duckdb, folder);
  const references = await findReferences(duckdb, models);
  duckdb.close();
  const wanted = new Set<string>();
  const want = (table: string) => {
    if (wanted.has(table) || !references.has(table)) return;
    wanted.add(table);
    for (const {table: read} of references.get(table)!) want(read);
  };
  // What comes in is taken in whatever is made from it.
  for (const {name} of models) if (name.startsWith("bronze.")) want(name);
  for (const table of tables) want(table);

  const key = [folder, ...[...wanted].sort()].join();
  const files = models
    .filter(({name}) => wanted.has(name))
    .flatMap(({file, checks}) => [file, ...checks.map((check) => check.file)]);
  const copy = folders.get(key) ?? copyOf(folder, ["functions", ...files.map((file) => relative(folder, file))]);
  folders.set(key, copy);
  return copy;
}

/** A copy of some files and folders of a folder, which goes away with the process. */
function copyOf(folder: string, paths: readonly string[]): string {
  const copy = mkdtempSync(join(tmpdir(), "wattlake-models-"));
  copies.push(copy);
  for (const path of paths) cpSync(join(folder, path), join(copy, path), {recursive: true});
  return copy;
}

function isMadeFrom(file: string, tables: ReadonlySet<string>): boolean {
  if (file.startsWith("bronze/")) return tables.has(tableOf(file));
  const code = readFileSync(join("sql", file), "utf8").replaceAll(/--.*/g, "");
  const read = [...code.matchAll(/(?<!DISTINCT )\b(?:FROM|JOIN)\s+(\w+\.\w+)/g)].map(([, table]) => table!);
  return read.every((table) => tables.has(table));
}

/** `silver/meter_day/eliq_daily.sql` is of `silver.meter_day`, as `silver/reading.sql` is of `silver.reading`. */
function tableOf(file: string): string {
  return file
    .replace(/\.sql$/, "")
    .split("/")
    .slice(0, 2)
    .join(".");
}
