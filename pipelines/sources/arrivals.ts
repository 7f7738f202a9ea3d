import {createHash} from "node:crypto";
import {createReadStream, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {pipeline} from "node:stream/promises";
import {logsOf} from "./formats/sqlite_files.js";
import {largestWhole, readAnnounced} from "./incoming.js";
import {type RowDefaults, readLanded} from "./landed.js";
import {accessFault, landingEntries, type Misfit} from "./landing_folder.js";
import {appendLedger, LedgerReader} from "./ledger.js";
import type {Source} from "./source.js";
import {refusals} from "./tombstones.js";

/** A content that came in, once. `_arrivals.jsonl` in the landing folder holds one a line, in the order they came. */
export interface Arrival {
  /** 1, 2, 3, …: of two arrivals with the same key, the higher number is the newer. */
  readonly arrival: number;
  readonly source: string;
  /** Relative to the landing folder, with `/`. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly arrived_at: string;
  /** Its content was known, and taken in once more because somebody asked for it. */
  readonly again?: true;
  /** An erasure left nothing of it: its number stays, or those after it would move up. */
  readonly erased?: true;
}

/** What a look into the landing folder found. */
export interface Landing {
  /** Every arrival there ever was, oldest first, but for those of which an erasure left nothing. */
  readonly arrivals: readonly Arrival[];
  /** Those that this look added. */
  readonly fresh: readonly Arrival[];
  /** Files whose content had come in before, but not as the last under this path, with the arrival that brought it. */
  readonly repeats: readonly {readonly path: string; readonly arrival: Arrival}[];
  /** Where each content stands now: `source/sha256` to a path relative to the landing folder. */
  readonly paths: ReadonlyMap<string, string>;
  /** By the hash of each content that was erased, why it isn't taken in again. */
  readonly refused: ReadonlyMap<string, string>;
  /** By `source/sha256`, what the rows of a content leave empty. */
  readonly defaults: ReadonlyMap<string, RowDefaults>;
  /** Files in no source's folder. */
  readonly strangers: readonly string[];
  /** What can't be read as a file, and why. */
  readonly misfits: readonly Misfit[];
  /** Sources that files came in from before, and that are no longer defined, with the number of those files. */
  readonly undefinedSources: readonly {readonly source: string; readonly files: number}[];
}

/**
 * Looks into the landing folder and writes down what is new. Files that one look finds come in in the order they were
 * handed over to `land` or `collect`, and those put there by hand after them, by path; a content that came in before
 * isn't new, whatever its file is called now, but for the paths in `again`.
 */
export async function land(
  folder: string,
  sources: readonly Source[],
  options: {again?: readonly string[]; write?: boolean} = {}
): Promise<Landing> {
  const arrivals = await readArrivals(folder);
  const refused = await refusals(folder);
  const known = new Map(arrivals.filter(isThere).map((arrival) => [contentKey(arrival), arrival]));
  const lastAt = new Map(arrivals.map((arrival) => [arrival.path, arrival]));
  const again = new Set(options.again);
  const paths = new Map<string, string>();
  const fresh: Arrival[] = [];
  const repeats: {path: string; arrival: Arrival}[] = [];
  const strangers: string[] = [];
  const {files, misfits: found} = await landingEntries(folder);
  // After the files, so that each is known that is about to be listed: it was announced before it landed, and listed after.
  const announced = await readAnnounced(folder);
  const landed = [...(await readLanded(folder)), ...announced];
  const defaults = new Map(
    landed.flatMap((file) => (file.defaults ? [[contentKey(file), file.defaults] as const] : []))
  );
  const misfits = [...found];
  for (const path of inOrder(files, landed)) {
    const source = sourceOf(path, sources);
    if (!source) {
      strangers.push(path);
      continue;
    }
    const read = await contentOf(join(folder, path)).catch((error: Error) => error);
    if (read instanceof Error) {
      misfits.push({path, reason: accessFault(read)});
      continue;
    }
    const content = {source: source.name, path, ...read};
    const key = contentKey(content);
    const before = known.get(key);
    if (!paths.has(key) || before?.path === path) paths.set(key, path);
    if (before && !again.has(path)) {
      if (lastAt.get(path) !== before) repeats.push({path, arrival: before});
      continue;
    }
    const arrival: Arrival = {
      arrival: arrivals.length + fresh.length + 1,
      ...content,
      arrived_at: new Date().toISOString(),
      ...(before && {again: true})
    };
    known.set(key, arrival);
    paths.set(key, path);
    fresh.push(arrival);
  }
  const missing = options.again?.find((path) => !fresh.some((arrival) => arrival.path === path));
  if (missing !== undefined)
    throw new Error(`file to take in again not found: ${missing}; name it by its path under ${folder}`);
  const undefinedSources = undefinedAmong(arrivals, sources);
  if (fresh.length === 0 || options.write === false) {
    return {
      arrivals: [...arrivals, ...fresh].filter(isThere),
      ...{fresh, repeats, paths, refused, defaults, strangers, misfits, undefinedSources}
    };
  }
  await appendLedger(join(folder, arrivalsFile), fresh);
  // Another run may have written at the same moment: the order of the lines is what counts, for both.
  const agreed = await readArrivals(folder);
  const added = agreed.slice(arrivals.length);
  // Its files may have landed after this look: they are where it found them.
  for (const arrival of added)
    if (await liesThere(folder, arrival, paths)) paths.set(contentKey(arrival), arrival.path);
  return {
    arrivals: agreed.filter(isThere),
    ...{fresh: added, repeats, paths, refused, defaults, strangers, misfits, undefinedSources}
  };
}

function undefinedAmong(arrivals: readonly Arrival[], sources: readonly Source[]): {source: string; files: number}[] {
  const defined = new Set(sources.map(({name}) => name));
  const files = new Map<string, number>();
  for (const {source, erased} of arrivals)
    if (!erased && !defined.has(source)) files.set(source, (files.get(source) ?? 0) + 1);
  return [...files].map(([source, count]) => ({source, files: count}));
}

function isThere({erased}: Arrival): boolean {
  return !erased;
}

async function liesThere(folder: string, arrival: Arrival, paths: ReadonlyMap<string, string>): Promise<boolean> {
  if (paths.has(contentKey(arrival))) return false;
  const content = await contentOf(join(folder, arrival.path)).catch(() => undefined);
  return content?.sha256 === arrival.sha256;
}

/** A content is the same when its source and its bytes are. */
export function contentKey({source, sha256}: {source: string; sha256: string}): string {
  return `${source}/${sha256}`;
}

/** A table's log says under this name up to which arrival the table has them. */
export const transactionId = "landing";

export const arrivalsFile = "_arrivals.jsonl";

/** The arrivals as their writers wrote them down. */
export function arrivalLedger(folder: string): LedgerReader<Arrival> {
  return new LedgerReader(join(folder, arrivalsFile), {name: "arrival", worth: "decides which data is newer"});
}

/** Reads the arrivals, oldest first. A content that two runs wrote down at the same moment came in with the first. */
export async function readArrivals(folder: string): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  const known = new Set<string>();
  for (const arrival of (await arrivalLedger(folder).read()).entries) {
    if (known.has(contentKey(arrival)) && !arrival.again && !arrival.erased) continue;
    // What was erased and comes again is refused, and says so each time that it does.
    if (!arrival.erased) known.add(contentKey(arrival));
    arrivals.push({...arrival, arrival: arrivals.length + 1});
  }
  return arrivals;
}

/** Files in the order in which they were handed over, then the others by path. */
function inOrder(files: readonly string[], landed: readonly {readonly path: string}[]): string[] {
  const handedOver = new Map(landed.map(({path}, index) => [path, index]));
  const place = (path: string) => handedOver.get(path) ?? handedOver.size;
  return [...files].sort((a, b) => place(a) - place(b));
}

/** The source whose folder holds the path: of two, the one with the longer folder. */
export function sourceOf(path: string, sources: readonly Source[]): Source | undefined {
  return sources
    .filter(({folder}) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** A file's length now, with the logs that belong to a database. */
export function bytesIn(file: string): number {
  return [file, ...logsOf(file)].reduce((sum, part) => sum + (statSync(part, {throwIfNoEntry: false})?.size ?? 0), 0);
}

/** A file's hash and its length, with the logs that belong to a database. */
export async function contentOf(file: string): Promise<{sha256: string; bytes: number}> {
  const hash = createHash("sha256");
  const logs = logsOf(file);
  if (logs.length === 0 && statSync(file).size <= largestWhole) {
    const content = readFileSync(file);
    return {sha256: hash.update(content).digest("hex"), bytes: content.length};
  }
  let bytes = 0;
  for (const part of [file, ...logs])
    await pipeline(createReadStream(part, {end: statSync(part).size - 1}), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    });
  return {sha256: hash.digest("hex"), bytes};
}
