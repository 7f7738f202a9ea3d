import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** What energy comes in as, whoever sends it: a day's array, or labelled values. */
const energy = ["eliq_daily", "interval_row"];

const folders = new Map<string, string>();

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
  const tables = new Set([...formats, "source"].map((format) => `bronze.${format}`));
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

  const copy = mkdtempSync(join(tmpdir(), "wattlake-models-"));
  process.once("exit", () => rmSync(copy, {recursive: true, force: true}));
  for (const file of kept) cpSync(join("sql", file), join(copy, file));
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
