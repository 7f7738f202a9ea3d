import {distinct} from "../delta/slice.js";
import {discardFiles, stageRows} from "../delta/stage.js";
import type {NewFile} from "../delta/stats.js";
import {append} from "../delta/write.js";
import {identifier, literal} from "../engines/duckdb.js";
import {openWorkspace, type Workspace} from "../engines/workspace.js";
import type {Catalog} from "../models/catalog.js";
import type {Model} from "../models/model.js";
import {rowsOf} from "../models/relations.js";
import {type ProgramTable, type RowShape, writeRows} from "../models/rows.js";
import type {LandedFile, Tell} from "../observe/events.js";
import {type Arrival, contentKey, type Landing, sourceOf} from "./arrivals.js";
import type {Contract} from "./contract.js";
import {type DecimalMarks, provenMarks} from "./decimal_mark.js";
import {destinations} from "./destinations.js";
import {type ArrivalAccount, accountsOf, recordAccounts} from "./file_account.js";
import {hasOwnReader} from "./formats/readers.js";
import {idColumns, idProblem, idText} from "./id_text.js";
import {alikeIn, type FileReject, type Intake, inspectFiles, intakeOf, type Readable, readThrough} from "./inspect.js";
import {defaultColumns} from "./landed.js";
import type {Source} from "./source.js";

/** Where the files of arrivals lie, and by which sources they are read. */
export interface LandingPlace {
  readonly landing: Pick<Landing, "paths" | "refused" | "defaults">;
  readonly folder: string;
  readonly sources: readonly Source[];
}

/** What the arrivals brought to one Bronze table. */
export interface Ingested {
  readonly table: string;
  readonly files: number;
  readonly rows: number;
}

/** What taking in the arrivals came to. */
export interface Intaken {
  readonly tables: readonly Ingested[];
  /** Files that this run could not read. */
  readonly rejected: readonly FileReject[];
  /** What became of the records of text files that were taken in, those only with rejected records or something missing. */
  readonly partly: readonly ArrivalAccount[];
}

/** The arrivals of one Bronze table, staged but not yet in it. */
interface Staged {
  readonly model: Model;
  readonly columns: readonly {name: string; type: string}[];
  readonly readable: readonly Readable[];
  readonly rejected: readonly FileReject[];
  readonly files: readonly NewFile[];
  readonly accounts: readonly ArrivalAccount[];
  /** The number of the last arrival that this covers; 0 when there is nothing to take in. */
  readonly upTo: number;
}

/** A table's log says under this name up to which arrival the table has them. */
const transactionId = "landing";

/**
 * Takes the arrivals that a Bronze table doesn't have yet into it, as they are, and lists the files that can't be
 * read in `bronze.file_reject`. A run that dies in between neither loses nor doubles any: each table's own log says
 * how far it has come, in the commit that brought it there. A file that several tables are read from comes into all of
 * them, or is rejected.
 */
export async function ingest(
  catalog: Catalog,
  landing: Landing,
  folder: string,
  sources: readonly Source[],
  run: number,
  tell: Tell
): Promise<Intaken> {
  const refused = new Set<number>();
  const pending = new Map(
    destinations(catalog, sources, landing.arrivals).map(({table, arrivals}) => [table, arrivals])
  );
  const stage = (model: Model) =>
    stageArrivals(
      catalog,
      model,
      pending.get(model.name)!.filter(({arrival}) => !refused.has(arrival)),
      {landing, folder, sources}
    );
  const waiting: Staged[] = [];
  try {
    for (const model of catalog.models.values()) if (model.name.startsWith("bronze.")) waiting.push(await stage(model));
    const found = waiting.flatMap((table) => table.rejected);
    for (const {arrival} of found) refused.add(arrival.arrival);
    for (const [index, staged] of waiting.entries()) {
      if (!staged.readable.some(({arrival}) => refused.has(arrival.arrival))) continue;
      await discard([staged]);
      waiting[index] = {...(await stage(staged.model)), upTo: staged.upTo};
    }
    // Rejects first: once a table has moved past an arrival, nobody looks at its file again.
    const rejected = await recordRejects(catalog, byArrival(found), run);
    await recordMisfits(catalog, landing.misfits, sources, run);
    const accounts = waiting.flatMap((table) => table.accounts);
    await recordAccounts(catalog, accounts, run);
    for (const {arrival, reason} of rejected) tell({kind: "file rejected", file: landedFile(arrival), reason});
    const tables: Ingested[] = [];
    for (let table = waiting.at(-1); table; table = waiting.at(-1)) {
      if (await commitArrivals(catalog, table, run)) {
        waiting.pop();
        if (table.readable.length === 0) continue;
        tables.unshift({table: table.model.name, files: table.readable.length, rows: rowsIn(table)});
        await tellTaken(catalog, table, tell);
      } else {
        // Another run was first: what it took in is no longer to be taken.
        await discard(waiting.splice(-1));
        waiting.push(await stage(table.model));
      }
    }
    return {
      tables,
      rejected,
      partly: accounts.filter(({account}) => account.rejected > 0 || account.note !== undefined)
    };
  } catch (error) {
    await discard(waiting);
    throw error;
  }
}

async function tellTaken(catalog: Catalog, staged: Staged, tell: Tell): Promise<void> {
  const {model, columns, files, readable} = staged;
  const table = model.name;
  for (const {arrival} of readable) tell({kind: "file taken", table, file: landedFile(arrival)});
  const {version} = (await catalog.snapshot(table))!;
  const bytes = files.reduce((sum, {size}) => sum + size, 0);
  const rows = rowsIn(staged);
  tell({kind: "table committed", table, version, columns, rows, files: files.length, bytes});
  tell({kind: "table ingested", table, files: readable.length, rows});
}

function landedFile({source, arrival, path, sha256}: Arrival): LandedFile {
  return {source, arrival, path, sha256};
}

async function discard(staged: readonly Staged[]): Promise<void> {
  await discardFiles(staged.flatMap(({files}) => files.map(({file}) => file)));
}

function rowsIn({files}: Staged): number {
  return files.reduce((sum, {numRecords}) => sum + numRecords, 0);
}

async function stageArrivals(
  catalog: Catalog,
  model: Model,
  arrivals: readonly Arrival[],
  place: LandingPlace
): Promise<Staged> {
  const standing = await catalog.snapshot(model.name);
  const taken = standing?.transactions.get(transactionId) ?? 0;
  const pending = arrivals.filter(({arrival}) => arrival > taken);
  const upTo = pending.at(-1)?.arrival ?? 0;
  if (standing && upTo === 0) {
    const columns = await columnsMade(catalog, model);
    return {model, columns, readable: [], rejected: [], files: [], accounts: [], upTo};
  }
  return {model, upTo, ...(await stageFiles(catalog, model, pending, place))};
}

/**
 * Stages what a Bronze model makes of arrivals' files; those that can't be read are left out, with the reason.
 *
 * @param known the marks of files that have been taken in before; without them, each file's values prove its mark
 */
export async function stageFiles(
  catalog: Catalog,
  model: Model,
  arrivals: readonly Arrival[],
  {landing, folder, sources}: LandingPlace,
  known?: DecimalMarks
): Promise<Pick<Staged, "columns" | "readable" | "rejected" | "files" | "accounts">> {
  const workspace = await openWorkspace(catalog.database);
  try {
    const batches: Batch[] = [];
    const rejected: FileReject[] = [];
    for (const [source, ofSource] of byReader(model, arrivals, sources)) {
      const intake = intakeOf(model, source);
      const found = await inspectFiles(workspace.connection, ofSource, landing, folder, intake);
      batches.push({intake, readable: found.readable});
      rejected.push(...found.rejected);
    }
    rejected.sort((a, b) => a.arrival.arrival - b.arrival.arrival);
    const stageWith = async (marks: DecimalMarks) => {
      const readable = batches.flatMap((batch) => batch.readable);
      const columns = await defineLanding(workspace, model, batches, landing.defaults, marks);
      const shape = {root: catalog.root(model.name), columns, partitionColumns: model.partition, texts: ["source"]};
      const files = readable.length > 0 ? await stageRows(workspace.connection, model.sql, shape) : [];
      const accounts = await accountsOf(workspace.connection, model, columns, readable, files);
      return {readable, rejected, columns, files, accounts};
    };
    const stage = async () => {
      const staged = await stageWith(known ?? new Map());
      if (known) return staged;
      const marks = await provenMarks(workspace.connection, model, staged.files);
      if (marks.size === 0) return staged;
      // Few files have such marks: only they are read again, now that the marks are known.
      await discardFiles(staged.files.map(({file}) => file));
      return stageWith(marks);
    };
    try {
      return await stage();
    } catch (error) {
      // One of the files breaks further in than its footer. The others don't wait for it.
      const before = rejected.length;
      for (const batch of batches) {
        const through = await readThrough(workspace.connection, batch.readable, batch.intake.reader);
        batch.readable = through.readable;
        rejected.push(...through.rejected);
      }
      if (rejected.length === before) throw error;
      return await stage();
    }
  } finally {
    await workspace.close();
  }
}

/** Files of a Bronze table that one reader reads. */
interface Batch {
  readonly intake: Intake;
  readable: readonly Readable[];
}

/** The arrivals of sources with a shape or a reader of their own, and all others' together, which the model's own reader reads. */
function byReader(
  model: Model,
  arrivals: readonly Arrival[],
  sources: readonly Source[]
): Map<Source | undefined, Arrival[]> {
  const batches = new Map<Source | undefined, Arrival[]>();
  for (const arrival of arrivals) {
    const source = sources.find(({name}) => name === arrival.source);
    const key = source && hasOwnReader(model, source) ? source : undefined;
    const batch = batches.get(key);
    if (batch) batch.push(arrival);
    else batches.set(key, [arrival]);
  }
  return batches;
}

/**
 * Lets `landing` mean the rows of the files, each with where it came from, and returns the columns that the model
 * makes of it. Files with the same columns are read together; one that came in twice is read once, for both arrivals.
 */
async function defineLanding(
  workspace: Workspace,
  model: Model,
  batches: readonly Batch[],
  defaults: Landing["defaults"],
  marks: DecimalMarks = new Map()
): Promise<{name: string; type: string}[]> {
  const files = batches.flatMap(({readable}) => readable);
  await workspace.hold("landing_file", arrivalRows(files, defaults, marks));
  const {contract} = intakeOf(model);
  const ids = idColumns(model);
  const selects = batches.flatMap(({intake: {reader}, readable}) =>
    alikeIn(readable).map((files) => {
      const {columns} = files[0]!;
      const hasDefaults = files.some(({arrival}) => defaults.has(contentKey(arrival)));
      return `SELECT ${columnsOf(contract, ids, reader.selected?.(columns) ?? columns, hasDefaults)}, ${origin}
              FROM (${reader.select(distinct(files.map(({file}) => file)), columns)}) AS landed
              JOIN landing_file AS arrived ON arrived.landing_file = landed.landing_file`;
    })
  );
  const none = `SELECT ${columnsOf(contract, ids, new Map())}, ${origin}
                FROM (SELECT NULL::BIGINT AS landing_row) AS landed JOIN landing_file AS arrived ON false`;
  await workspace.define("landing", selects.length > 0 ? selects.join(" UNION ALL ") : none);
  const described = await workspace.connection.rows<{column_name: string; column_type: string}>(
    `DESCRIBE ${model.sql}`
  );
  return described.map(({column_name, column_type}) => ({
    name: column_name,
    type: column_type.startsWith("ENUM(") ? "VARCHAR" : column_type
  }));
}

/** The columns that a Bronze model makes, known without any file. */
async function columnsMade(catalog: Catalog, model: Model): Promise<{name: string; type: string}[]> {
  const workspace = await openWorkspace(catalog.database);
  try {
    return await defineLanding(workspace, model, [], new Map());
  } finally {
    await workspace.close();
  }
}

/** Lets `landing` mean the rows of no file: with the columns, and their types, that a Bronze model finds there. */
export async function defineEmptyLanding(workspace: Workspace, model: Model): Promise<void> {
  await defineLanding(workspace, model, [], new Map());
}

const origin =
  "arrived.source, arrived.arrival, arrived.file, arrived.sha256, arrived.proven_mark, landed.landing_row AS row_number, arrived.ingested_at";

function columnsOf(
  {required, optional}: Contract,
  ids: ReadonlySet<string>,
  columns: ReadonlyMap<string, string>,
  hasDefaults = false
): string {
  const all = [...required, ...optional];
  const problems = all
    .filter(([name]) => ids.has(name) && columns.has(name))
    .map(([name]) => idProblem(name, `landed.${identifier(name)}`));
  return all
    .map(([name, type]) => {
      const landed = columns.has(name) ? `landed.${identifier(name)}` : "NULL";
      const own =
        name === "problem" && problems.length > 0
          ? `coalesce(${[`nullif(trim(${landed}), '')`, ...problems].join(", ")})`
          : ids.has(name) && columns.has(name)
            ? idText(landed)
            : landed;
      const filled = hasDefaults && isDefault(name) ? `coalesce(nullif(trim(${own}), ''), arrived.${name})` : own;
      const suffix = name === "meter_id" && columns.has("meter_suffix") ? " || coalesce(landed.meter_suffix, '')" : "";
      return `CAST(${filled}${suffix} AS ${type}) AS ${identifier(name)}`;
    })
    .join(", ");
}

function isDefault(name: string): name is (typeof defaultColumns)[number] {
  return (defaultColumns as readonly string[]).includes(name);
}

/**
 * What the rows of each file have in common. Its texts are those of a dictionary (ENUM), known from here on: Parquet is
 * written so anyway, and no row's has to be looked up in it.
 */
function arrivalRows(readable: readonly Readable[], defaults: Landing["defaults"], marks: DecimalMarks): string {
  const rows = readable.map(({file, arrival: {source, arrival, path, sha256, arrived_at}}) => {
    const said = defaults.get(contentKey({source, sha256}));
    const texts = [path, sha256, arrived_at, marks.get(arrival), ...defaultColumns.map((column) => said?.[column])];
    return `(${[file, source].map(literal).join(", ")}, ${arrival}, ${texts.map((text) => (text === undefined ? "NULL" : literal(text))).join(", ")})`;
  });
  const none = `(NULL, NULL, 0, NULL, NULL, NULL, NULL, ${defaultColumns.map(() => "NULL").join(", ")})`;
  const text = (name: "source" | "path" | "sha256") => {
    const texts = distinct(readable.map(({arrival}) => arrival[name]));
    return `CAST(${name} AS ${texts.length > 0 ? `ENUM (${texts.map(literal).join(", ")})` : "VARCHAR"})`;
  };
  return `SELECT landing_file::VARCHAR AS landing_file, ${text("source")} AS source, arrival::BIGINT AS arrival,
            ${text("path")} AS file, ${text("sha256")} AS sha256, arrived_at::TIMESTAMPTZ AS ingested_at,
            ${["proven_mark", ...defaultColumns].map((column) => `${column}::VARCHAR AS ${column}`).join(", ")}
          FROM (VALUES ${rows.join(", ") || none})
            AS arrived(landing_file, source, arrival, path, sha256, arrived_at, proven_mark, ${defaultColumns.join(", ")})
          WHERE landing_file IS NOT NULL`;
}

/** Commits what is staged for a table; false when another process committed to it first. */
async function commitArrivals(catalog: Catalog, staged: Staged, run: number): Promise<boolean> {
  const {model, columns, files, upTo} = staged;
  const standing = await catalog.snapshot(model.name);
  // A table without rows is made all the same, so that every model that reads it can be built; one of an older program
  // gets the columns that came since.
  const isNew = ({name}: {name: string}) => standing?.columns.every((column) => column.name !== name);
  if (standing && upTo === 0 && !columns.some(isNew)) return true;
  const {name, partition, description} = model;
  const target = {root: catalog.root(name), columns, partitionColumns: partition, description};
  const done = await append(catalog.database, standing, target, files, {
    transaction: {appId: transactionId, version: Math.max(upTo, standing?.transactions.get(transactionId) ?? 0)},
    info: {run, reason: upTo > 0 || !standing ? "arrived" : "columns added", rows: rowsIn(staged)}
  });
  catalog.forget(name);
  return done;
}

const fileRejectShape: RowShape = {
  source: "VARCHAR",
  arrival: "BIGINT",
  file: "VARCHAR",
  sha256: "VARCHAR",
  reason: "VARCHAR",
  ingested_at: "TIMESTAMP WITH TIME ZONE"
};

/** `bronze.file_reject`, as it is written. */
export const fileRejectTable: ProgramTable = {
  table: "bronze.file_reject",
  description:
    "Files that could not be read, or whose columns are not what their source asks for. What is no file, and what could not be opened, has no arrival.",
  shape: fileRejectShape
};

/** What is wrong with each file, in one sentence of all that its tables' readers say. */
function byArrival(rejected: readonly FileReject[]): FileReject[] {
  const reasons = new Map<Arrival, Set<string>>();
  for (const {arrival, reason} of rejected) reasons.set(arrival, (reasons.get(arrival) ?? new Set()).add(reason));
  return [...reasons].map(([arrival, said]) => ({arrival, reason: [...said].join("; ")}));
}

/** Lists what is no file, and files that can't be opened: nothing of them arrived. What is listed already isn't listed again. */
async function recordMisfits(
  catalog: Catalog,
  misfits: Landing["misfits"],
  sources: readonly Source[],
  run: number
): Promise<void> {
  if (misfits.length === 0) return;
  const {table, description, shape} = fileRejectTable;
  const keyOf = (file: string, reason: string) => JSON.stringify([file, reason]);
  const now = new Date().toISOString();
  for (;;) {
    const listed = (await catalog.snapshot(table))
      ? await catalog.database.rows<{file: string; reason: string}>(
          `SELECT file, reason FROM (${await rowsOf(catalog, table)}) WHERE arrival IS NULL`
        )
      : [];
    const known = new Set(listed.map(({file, reason}) => keyOf(file, reason)));
    const rows = misfits
      .filter(({path, reason}) => !known.has(keyOf(path, reason)))
      .map(({path, reason}) => ({
        source: sourceOf(path, sources)?.name ?? null,
        arrival: null,
        file: path,
        sha256: null,
        reason,
        ingested_at: now
      }));
    if (rows.length === 0 || (await writeRows(catalog, table, description, shape, rows, {run}))) return;
  }
}

/** Lists the files that can't be read, those that a run before this one listed left out. */
async function recordRejects(catalog: Catalog, rejected: readonly FileReject[], run: number): Promise<FileReject[]> {
  const {table, description, shape} = fileRejectTable;
  for (;;) {
    const listed = (await catalog.snapshot(table))?.transactions.get(transactionId) ?? 0;
    const fresh = rejected.filter(({arrival}) => arrival.arrival > listed);
    const rows = fresh.map(({arrival, reason}) => ({
      source: arrival.source,
      arrival: arrival.arrival,
      file: arrival.path,
      sha256: arrival.sha256,
      reason,
      ingested_at: arrival.arrived_at
    }));
    const version = Math.max(listed, ...fresh.map(({arrival}) => arrival.arrival));
    const transaction = {appId: transactionId, version};
    if (await writeRows(catalog, table, description, shape, rows, {run, transaction})) return fresh;
  }
}
