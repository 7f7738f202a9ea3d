import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** Energy comes in in two shapes, and is understood by its source's settings. */
const arriving = ["bronze.eliq_daily", "bronze.interval_row", "bronze.source"];

let folder: string | undefined;

/**
 * A folder of the project's models that are made from energy alone, without those of the cases beside it. A lake of
 * them is made in half the time, and tests of how a lake is made do so hundreds of times.
 */
export function energyModels(): string {
  folder ??= copyOfModels();
  return folder;
}

function copyOfModels(): string {
  const tables = new Set(arriving);
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
  const read = [...code.matchAll(/\b(?:FROM|JOIN)\s+(\w+\.\w+)/g)].map(([, table]) => table!);
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
