import {existsSync} from "node:fs";
import {mkdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";

/** Runs a script that writes files, `LANDING` in it being the landing folder; does nothing where there is none. */
export async function writeFiles(script: string, landing: string): Promise<void> {
  if (!existsSync(script)) return;
  const duckdb = await openDuckDB();
  const text = await readFile(script, "utf8");
  for (const [, path] of text.matchAll(/TO 'LANDING\/(.*)\/[^/\n]*'/g))
    await mkdir(join(landing, path!.replaceAll("''", "'")), {recursive: true});
  await duckdb.run(text.replaceAll("LANDING", literal(landing).slice(1, -1)));
  duckdb.close();
}
