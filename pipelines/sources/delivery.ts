import {createHash, randomUUID} from "node:crypto";
import {createReadStream, createWriteStream, existsSync} from "node:fs";
import {link, open, readdir, rm, stat} from "node:fs/promises";
import {basename, dirname, extname, join} from "node:path";
import {Transform} from "node:stream";
import {pipeline} from "node:stream/promises";
import {isDeepStrictEqual} from "node:util";
import {diskFault, flush, onDisk} from "../delta/ground.js";
import type {Connection} from "../engines/duckdb.js";
import {makeFolder} from "../engines/folder.js";
import type {Catalog} from "../models/catalog.js";
import {reach} from "../observe/steps.js";
import {fileFault} from "../wording/file.js";
import {type Arrival, bytesIn, contentKey, contentOf, readArrivals} from "./arrivals.js";
import type {LandedFormat} from "./catalogue/known_format.js";
import {destinations} from "./destinations.js";
import {refuseOpenErasure} from "./erasure_request.js";
import type {Limits} from "./formats/limits.js";
import {logsOf, namesBeside} from "./formats/sqlite_files.js";
import {inspectFiles, intakeOf, readThrough} from "./inspect.js";
import {appendLanded, appendRefused, type Landed, type RowDefaults, readLanded, readRefused} from "./landed.js";
import {isAside} from "./landing_folder.js";
import type {Source} from "./source.js";
import {refusals} from "./tombstones.js";

/** Where files are handed over: a lake's landing folder, and what it takes to look into them. */
export interface Dock {
  /** The landing folder. */
  readonly landing: string;
  readonly database: Connection;
  readonly models: Catalog["models"];
  /** How much of a file is read; as much as by default where nothing is said. */
  readonly limits?: Limits;
}

/** What became of a file handed over. */
export interface Delivery {
  /** What it was called where it came from. */
  readonly name: string;
  /** `known`: its content had come in before, and nothing was done. `unread`: it couldn't be copied. */
  readonly outcome: "landed" | "known" | "rejected" | "unread";
  /** Where it lies: relative to the landing folder, with `/`. None of a file that couldn't be copied, or isn't kept. */
  readonly path?: string;
  readonly sha256?: string;
  readonly bytes?: number;
  /** Why it was rejected or couldn't be read, as one sentence. */
  readonly reason?: string;
}

/** A file to hand over. */
export interface Parcel {
  /** Where it is. */
  readonly file: string;
  /** What the manifest calls it; by default the last part of `file`. */
  readonly name?: string;
  /** What is known to be wrong with it: it is kept among the rejected. */
  readonly fault?: string;
  /** What its rows leave empty. */
  readonly defaults?: RowDefaults;
  /** The known format that it is of; the source then is the format's. */
  readonly format?: LandedFormat;
}

/**
 * Takes a file in for a source: copies it whole to `FOLDER/CLIENT/YYYY/MM/DD/SHA256.EXTENSION` under the landing folder,
 * by today's date in UTC, and lists it in `_landed.jsonl`. A content that is there already is left as it is. A file that the
 * source's Bronze tables can't be read from goes to the same place under `_rejected` instead, and into `_rejected.jsonl`. Of a
 * content that holds an erased customer nothing is kept but the line there.
 *
 * A process that dies in between leaves a file whole or not at all; handed over again, it is listed.
 *
 * @throws Error when the landing folder can't be written to, an erasure is open there, or the client can't be a folder's
 * name.
 */
export async function deliver(
  dock: Dock,
  source: Source,
  parcel: Parcel,
  client: string = source.clientId ?? sharedClient
): Promise<Delivery> {
  return onDisk(dock.landing, "what has landed stays", () => takeIn(dock, source, parcel, client));
}

async function takeIn(
  {landing, database, models, limits}: Dock,
  source: Source,
  {file, name = basename(file), fault: knownFault, defaults, format}: Parcel,
  client: string
): Promise<Delivery> {
  refuseFolder(client);
  await refuseOpenErasure(landing);
  const draft = await draftFile(landing, extensionOf(file));
  try {
    const fault = await faultOf(file);
    if (fault) return {name, outcome: "unread", reason: fault};
    const content = await copyWhole(file, draft, landing);
    reach("after copy");
    const key = contentKey({source: source.name, ...content});
    const now = new Date().toISOString();
    const refusal = (await refusals(landing)).get(content.sha256);
    if (refusal !== undefined) {
      const refused = {source: source.name, client, path: null, ...content, name, landed_at: now, reason: refusal};
      await appendRefused(landing, refused);
      return {name, outcome: "rejected", ...content, reason: refusal};
    }
    const known = await knownPath(landing, key);
    if (known !== undefined && knownFault === undefined) {
      const reason = await otherwiseSaid(landing, {key, client, defaults});
      if (reason !== undefined) return {name, outcome: "unread", reason: `${file}: ${reason}`};
      return {name, outcome: "known", path: known, ...content};
    }
    const place = [source.folder, client, ...now.slice(0, 10).split("-"), content.sha256 + extensionOf(file)].join("/");
    const said = {...(defaults && {defaults}), ...(format && {format})};
    const landed: Landed = {source: source.name, client, path: place, ...content, name, landed_at: now, ...said};
    const reason = knownFault ?? (await faultIn(draft, landed, source, {landing, database, models, limits}));
    if (reason === undefined) {
      await linkInto(landing, draft, landed);
      reach("after landing");
      await appendLanded(landing, landed);
      return {name, outcome: "landed", path: place, ...content};
    }
    const path = `_rejected/${place}`;
    const before = (await readRefused(landing)).find((refused) => contentKey(refused) === key);
    if (before && before.reason === reason && before.path !== null && existsSync(join(landing, before.path)))
      return {name, outcome: "rejected", path: before.path, ...content, reason};
    await linkInto(landing, draft, {...landed, path});
    await appendRefused(landing, {...landed, path, reason});
    return {name, outcome: "rejected", path, ...content, reason};
  } finally {
    for (const left of [draft, ...namesBeside(draft)]) await rm(left, {force: true}).catch(() => undefined);
  }
}

/** The folder of files that don't belong to one client: weather, or those that name the client in their rows. */
const sharedClient = "shared";

function refuseFolder(client: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(client) && !isAside(client)) return;
  throw new Error(`not a client's name: ${client}; it names a folder, so use letters, digits, -, _ and .`, {
    cause: "usage"
  });
}

/** `.csv.gz` of `a.b.csv.gz`, in lower case. */
export function extensionOf(file: string): string {
  const name = basename(file).toLowerCase();
  const last = extname(name);
  const inner = last === ".gz" ? extname(name.slice(0, -last.length)) : "";
  return /^[.\w]*$/.test(inner + last) ? inner + last : "";
}

async function faultOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) return found.code === "ENOENT" ? `file not found: ${file}` : fileFault(found, file);
  if (!found.isFile()) return `not a file: ${file}; name the files in it`;
}

/** A name for a copy under way, in a hidden folder that no run looks into. What processes left there that were killed goes away. */
async function draftFile(landing: string, extension: string): Promise<string> {
  const folder = join(landing, ".incoming");
  await makeFolder(folder).catch((error) => {
    throw diskFault(error, landing);
  });
  for (const name of await readdir(folder)) {
    const left = await stat(join(folder, name)).catch(() => undefined);
    if (left && Date.now() - left.mtimeMs > dayMilliseconds) await rm(join(folder, name), {force: true});
  }
  return join(folder, randomUUID() + extension);
}

const dayMilliseconds = 86_400_000;

/** Copies a file, a database with its logs, and says what was copied: the file itself may change meanwhile. */
async function copyWhole(file: string, draft: string, landing: string): Promise<{sha256: string; bytes: number}> {
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = () =>
    new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(undefined, chunk);
      }
    });
  try {
    for (const part of [file, ...logsOf(file)]) {
      const to = draft + part.slice(file.length);
      await pipeline(createReadStream(part), measure(), createWriteStream(to, {flags: "wx"}));
      const copy = await open(to, "r+");
      await copy.sync().finally(() => copy.close());
    }
  } catch (error) {
    throw diskFault(error, landing);
  }
  return {sha256: hash.digest("hex"), bytes};
}

/** Why a content that came in before can't come in with other defaults: they are said of a content, not of a file. */
async function otherwiseSaid(
  landing: string,
  {key, client, defaults}: {readonly key: string; readonly client: string; readonly defaults?: RowDefaults}
): Promise<string | undefined> {
  if (!defaults) return undefined;
  const before = (await readLanded(landing)).find((one) => contentKey(one) === key);
  if (!before || (before.client === client && isDeepStrictEqual(before.defaults, defaults))) return undefined;
  const said = Object.entries(before.defaults ?? {}).map(([column, text]) => `${column} ${text}`);
  return `this content has come in before, with ${said.join(", ") || `client ${before.client}`}, and nothing is changed`;
}

/** Where a content lies that was taken in before; a file of it that has gone is put back. */
async function knownPath(landing: string, key: string): Promise<string | undefined> {
  const before = [...(await readLanded(landing)), ...(await readArrivals(landing))];
  return before.find((one) => contentKey(one) === key && existsSync(join(landing, one.path)))?.path;
}

/** Why a source's Bronze tables can't be read from a file, in one sentence of all that their readers say. */
async function faultIn(draft: string, landed: Landed, source: Source, dock: Dock): Promise<string | undefined> {
  const path = join(".incoming", basename(draft));
  const arrival: Arrival = {...landed, arrival: 1, path, arrived_at: landed.landed_at};
  const paths = new Map([[contentKey(arrival), path]]);
  const reasons = new Set<string>();
  for (const {table, arrivals} of destinations(dock, [source], [arrival])) {
    if (arrivals.length === 0) continue;
    const intake = intakeOf(dock.models.get(table)!, source, dock.limits);
    const seen = await inspectFiles(dock.database, arrivals, {paths, refused: new Map()}, dock.landing, intake);
    const read = await readThrough(dock.database, seen.readable, intake);
    for (const {reason} of [...seen.rejected, ...read.rejected]) reasons.add(reason);
  }
  return reasons.size > 0 ? [...reasons].join("; ") : undefined;
}

/** The first of several sources whose Bronze tables can be read from a file; undefined where none fits, or it can't be read. */
export async function fitOf<T extends {readonly source: Source}>(
  dock: Dock,
  file: string,
  choices: readonly T[]
): Promise<T | undefined> {
  if (await faultOf(file)) return undefined;
  for (const choice of choices) {
    const arrival: Arrival = {
      ...{
        arrival: 1,
        source: choice.source.name,
        path: basename(file),
        sha256: "",
        bytes: bytesIn(file),
        arrived_at: ""
      }
    };
    const [table] = destinations(dock, [choice.source], [arrival]).filter(({arrivals}) => arrivals.length > 0);
    const intake = intakeOf(dock.models.get(table!.table)!, choice.source, dock.limits);
    const found = {paths: new Map([[contentKey(arrival), basename(file)]]), refused: new Map()};
    const seen = await inspectFiles(dock.database, [arrival], found, dirname(file), intake);
    if (seen.readable.length > 0) return choice;
  }
  return undefined;
}

/** Gives a whole file its name. One of that name is the same content, as its name is its hash, and is looked at all the same. */
async function linkInto(landing: string, draft: string, {path, sha256}: Landed): Promise<void> {
  const file = join(landing, path);
  try {
    await makeFolder(dirname(file));
    for (const log of logsOf(draft))
      await link(log, file + log.slice(draft.length)).catch((error) => {
        if (error.code !== "EEXIST") throw error;
      });
    await link(draft, file).catch(async (error) => {
      if (error.code !== "EEXIST") throw error;
      if ((await contentOf(file)).sha256 !== sha256)
        throw new Error(`file changed since it landed: ${path}; move it away, landed files are named by their content`);
    });
  } catch (error) {
    throw diskFault(error, landing);
  }
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) await flush(join(landing, folder));
  await flush(landing);
}
