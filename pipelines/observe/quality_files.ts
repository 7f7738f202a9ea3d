import {readdir, readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {replaceFile} from "../engines/replace_file.js";
import type {Catalog} from "../models/catalog.js";
import {rowsOf} from "../models/relations.js";

const table = "quality.telemetry_day";

/**
 * Writes each row of `quality.telemetry_day` to `metrics/quality_<date>.json` in the lake's folder, one object a file,
 * for those who look at a day without a query. The table is the truth: a file that says otherwise, or isn't there, is
 * written anew; that of a date which the table no longer has goes.
 */
export async function writeQualityFiles(catalog: Catalog): Promise<void> {
  const days = await readDays(catalog);
  if (!days) return;
  const folder = join(catalog.folder, "metrics");
  for (const [name, text] of days) {
    const standing = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (standing !== text) await replaceFile(folder, name, text);
  }
  for (const name of await readdir(folder).catch(() => []))
    if (/^quality_\d{4}-\d\d-\d\d[.]json$/.test(name) && !days.has(name)) await rm(join(folder, name), {force: true});
}

/** What each file is to hold, by its name; undefined before the table is built. */
async function readDays(catalog: Catalog): Promise<Map<string, string> | undefined> {
  if (!(await catalog.snapshot(table))) return undefined;
  const rows = await catalog.database.rows<Record<string, unknown>>(
    `SELECT * EXCLUDE (event_date) REPLACE (CAST(process_date AS VARCHAR) AS process_date)
     FROM (${await rowsOf(catalog, table)}) ORDER BY process_date`
  );
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);
  return new Map(rows.map((row) => [`quality_${row.process_date}.json`, `${JSON.stringify(row, plain, 2)}\n`]));
}
