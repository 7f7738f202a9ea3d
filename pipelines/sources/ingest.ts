import {discardFiles, stageRows} from "../delta/stage.js";
import type {NewFile} from "../delta/stats.js";
import {append} from "../delta/write.js";
import {openWorkspace} from "../engines/workspace.js";
import type {Catalog} from "../models/catalog.js";
import type {Model} from "../models/model.js";
import type {LandedFile, Tell} from "../observe/events.js";
import {type Arrival, type Landing, transactionId} from "./arrivals.js";
import {controlCharactersIn} from "./control_character.js";
import {type DecimalMarks, provenMarks} from "./decimal_mark.js";
import {destinations} from "./destinations.js";
import {type ArrivalAccount, accountsOf, recordAccounts} from "./file_account.js";
import {byArrival, recordMisfits, recordRejects} from "./file_reject.js";
import type {Limits} from "./formats/limits.js";
import {hasOwnReader} from "./formats/readers.js";
import {type FileReject, inspectFiles, intakeOf, type Readable, readThrough} from "./inspect.js";
import {type Batch, columnsMade, defineLanding, type Known} from "./landing_rows.js";
import type {Source} from "./source.js";

/** Where the files of arrivals lie, and how they are read. */
export interface LandingPlace {
  readonly landing: Pick<Landing, "paths" | "refused" | "defaults">;
  readonly folder: string;
  readonly sources: readonly Source[];
  readonly limits: Limits;
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

/**
 * Takes the arrivals that a Bronze table doesn't have yet into it, as they are, and lists the files that can't be
 * read in `bronze.file_reject`. A run that dies in between neither loses nor doubles any: each table's own log says
 * how far it has come, in the commit that brought it there. A file that several tables are read from comes into all of
 * them, or is rejected.
 */
export async function ingest(
  catalog: Catalog,
  place: LandingPlace & {readonly landing: Landing},
  run: number,
  tell: Tell
): Promise<Intaken> {
  const {landing, sources} = place;
  const refused = new Set<number>();
  const pending = new Map(
    destinations(catalog, sources, landing.arrivals).map(({table, arrivals}) => [table, arrivals])
  );
  const stage = (model: Model) =>
    stageArrivals(
      catalog,
      model,
      pending.get(model.name)!.filter(({arrival}) => !refused.has(arrival)),
      place
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
  {landing, folder, sources, limits}: LandingPlace,
  known?: DecimalMarks
): Promise<Pick<Staged, "columns" | "readable" | "rejected" | "files" | "accounts">> {
  const workspace = await openWorkspace(catalog.database);
  try {
    const batches: Batch[] = [];
    const rejected: FileReject[] = [];
    for (const [source, ofSource] of byReader(model, arrivals, sources)) {
      const intake = intakeOf(model, source, limits);
      const found = await inspectFiles(workspace.connection, ofSource, landing, folder, intake);
      batches.push({intake, readable: found.readable});
      rejected.push(...found.rejected);
    }
    rejected.sort((a, b) => a.arrival.arrival - b.arrival.arrival);
    const {connection} = workspace;
    const stageAll = async (what: Omit<Known, "defaults">) => {
      const columns = await defineLanding(workspace, model, batches, {...what, defaults: landing.defaults});
      const shape = {root: catalog.root(model.name), columns, partitionColumns: model.partition, texts: ["source"]};
      const isAny = batches.some(({readable}) => readable.length > 0);
      return {columns, files: isAny ? await stageRows(connection, model.sql, shape) : []};
    };
    const stage = async () => {
      let staged = await stageAll({marks: known});
      const again = async (what: Omit<Known, "defaults">) => {
        await discardFiles(staged.files.map(({file}) => file));
        staged = await stageAll(what);
      };
      const odd = await controlCharactersIn(connection, model, staged.columns, staged.files);
      const without = new Map([...odd].map(([arrival, {rows}]) => [arrival, rows]));
      if (odd.size > 0) await again({marks: known, rejected: without});
      const marks = known ?? (await provenMarks(connection, model, staged.files));
      // Few files have such marks: only they are read again, now that the marks are known.
      if (!known && marks.size > 0) await again({marks, rejected: without});
      const readable = batches.flatMap((batch) => batch.readable);
      return {readable, rejected, ...staged, accounts: await accountsOf(connection, model, staged, readable, odd)};
    };
    try {
      return await stage();
    } catch (error) {
      // One of the files breaks further in than its footer. The others don't wait for it.
      const before = rejected.length;
      for (const batch of batches) {
        const through = await readThrough(connection, batch.readable, batch.intake);
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
