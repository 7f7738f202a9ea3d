import {discardFiles, stageRows} from "../delta/stage.js";
import {replace} from "../delta/write.js";
import {literal} from "../engines/duckdb.js";
import type {Catalog} from "../models/catalog.js";
import type {Model} from "../models/model.js";
import {rowsOf} from "../models/relations.js";
import {lastRunNumber} from "../models/run_record.js";
import {reach} from "../observe/steps.js";
import {land} from "../sources/arrivals.js";
import type {DecimalMarks} from "../sources/decimal_mark.js";
import type {ErasurePlan, FilePlan} from "../sources/erasure_request.js";
import {fileAccountTable, recordAccounts, recordRejectTable} from "../sources/file_account.js";
import {noLimits} from "../sources/formats/limits.js";
import {stageFiles} from "../sources/ingest.js";
import type {Source} from "../sources/source.js";
import {type Customer, isOfCustomer, spellings} from "./customer.js";
import {identitiesOf} from "./identity.js";
import {rewrite} from "./tables.js";

/** What takes an erasure from the landing folder into the Bronze tables. */
interface Rereading {
  readonly catalog: Catalog;
  readonly landing: string;
  readonly sources: readonly Source[];
  readonly plan: ErasurePlan;
  readonly customer: Customer;
}

/**
 * Lets the Bronze tables have, in the place of each rewritten file's rows, those of what is left of it: numbered as they
 * now are, with the new hash. A table that has them already is left alone.
 */
export async function rereadBronze(rereading: Rereading): Promise<void> {
  for (const model of rereading.catalog.models.values()) {
    if (!model.name.startsWith("bronze.")) continue;
    while (!(await reread(rereading, model)));
    reach("between bronze");
  }
}

/** @returns false when another process committed first, and nothing was done. */
async function reread({catalog, landing, sources, plan, customer}: Rereading, model: Model): Promise<boolean> {
  const standing = await catalog.snapshot(model.name);
  if (!standing) return true;
  const columns = standing.columns.map(({name}) => name);
  const rows = await rowsOf(catalog, model.name);
  const his = isOfCustomer(
    customer,
    columns,
    identitiesOf(catalog.models, sources),
    plan.ids.filter((id) => !plan.shared_ids.includes(id)).flatMap(spellings)
  );
  const stale = plan.files.filter(({arrivals}) => arrivals.length > 0);
  if (stale.length === 0) return true;
  const found = await catalog.database.rows<{arrival: bigint; others: bigint}>(
    `SELECT arrival, count(*) FILTER (WHERE (${his}) IS NOT TRUE) AS others FROM (${rows}) WHERE ${stale.map(isOld).join(" OR ")}
     GROUP BY arrival HAVING others < count(*) OR ${stale.some(isRewritten) ? `arrival IN (${stale.filter(isRewritten).flatMap(({arrivals}) => arrivals)})` : "false"}`
  );
  if (found.length === 0) return true;
  const numbers = new Set(found.map(({arrival}) => Number(arrival)));
  const look = await land(landing, sources, {write: false});
  const rewritten = new Set(stale.filter(isRewritten).flatMap(({arrivals}) => arrivals));
  const arrivals = look.arrivals.filter(({arrival}) => numbers.has(arrival) && rewritten.has(arrival));
  const marks = await marksOf(catalog, model.name);
  const {files, rejected, accounts} = await stageFiles(
    catalog,
    model,
    arrivals,
    {landing: look, folder: landing, sources, limits: noLimits},
    marks
  );
  const [reject] = rejected;
  if (reject) {
    await discardFiles(files.map(({file}) => file));
    throw new Error(`file not readable without the customer: ${reject.arrival.path}: ${reject.reason}`);
  }
  const target = {
    root: catalog.root(model.name),
    columns: standing.columns,
    partitionColumns: model.partition,
    description: model.description
  };
  // Of a content that is no longer in the landing folder, there are only the rows.
  const kept = [...numbers].filter((number) => !rewritten.has(number));
  const others = `SELECT * FROM (${rows}) WHERE arrival IN (${kept.join(", ")}) AND (${his}) IS NOT TRUE`;
  const hasOthers = found.some(({arrival, others}) => kept.includes(Number(arrival)) && others > 0n);
  const more = hasOthers ? await stageRows(catalog.database, others, target) : [];
  const slice = {column: "arrival", values: [...numbers].map(String)};
  const run = (await lastRunNumber(catalog)) + 1;
  await dropAccounts(catalog, model.name, stale, run);
  await recordAccounts(catalog, accounts, run);
  const note = {info: {run, reason: "a customer was erased"}};
  const done = await replace(catalog.database, standing, target, [...files, ...more], slice, note);
  if (!done) await discardFiles([...files, ...more].map(({file}) => file));
  catalog.forget(model.name);
  return done;
}

/** The decimal marks of a table's files as they were found, so that a value that proved one may go. */
async function marksOf(catalog: Catalog, table: string): Promise<DecimalMarks> {
  if (!(await catalog.snapshot(table))!.columns.some(({name}) => name === "decimal_mark")) return new Map();
  const found = await catalog.database.rows<{arrival: bigint; mark: string}>(
    `SELECT arrival, mode(decimal_mark) AS mark FROM (${await rowsOf(catalog, table)})
     GROUP BY arrival HAVING mark IS NOT NULL`
  );
  return new Map(found.map(({arrival, mark}) => [Number(arrival), mark]));
}

/** Takes away what was said of the records of files as they were, before the table has the files as they are. */
async function dropAccounts(catalog: Catalog, table: string, stale: readonly FilePlan[], run: number): Promise<void> {
  const isStale = `(table_name = ${literal(table)} AND (${stale.map(isOld).join(" OR ")}))`;
  for (const program of [fileAccountTable, recordRejectTable])
    await rewrite(catalog, program, isStale, `SELECT * FROM rows WHERE (${isStale}) IS NOT TRUE`, run);
}

function isRewritten({new_sha256}: FilePlan): boolean {
  return new_sha256 !== null;
}

function isOld({source, arrivals, old_sha256}: FilePlan): string {
  return `(source = ${literal(source)} AND arrival IN (${arrivals.join(", ")}) AND sha256 = ${literal(old_sha256)})`;
}
