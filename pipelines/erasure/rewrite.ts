import {existsSync} from "node:fs";
import {copyFile, open, readdir, rename, rm, rmdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import {flush} from "../delta/ground.js";
import {makeFolder} from "../engines/folder.js";
import {reach} from "../observe/steps.js";
import {type Arrival, arrivalsFile, contentKey, contentOf, readArrivals} from "../sources/arrivals.js";
import type {ErasurePlan, ErasureRequest, FilePlan} from "../sources/erasure_request.js";
import {namesBeside} from "../sources/formats/sqlite_files.js";
import {type Landed, landedFile, type Refused, readLanded, readRefused, refusedFile} from "../sources/landed.js";
import {replaceLedger} from "../sources/ledger.js";
import {appendTombstones, readTombstones, type Tombstone} from "../sources/tombstones.js";
import {mention} from "./customer.js";
import {draftFolder, draftOf} from "./draft.js";
import {namesId, replaced, withoutIds} from "./paths.js";

/** What is to be done to the landing folder. */
type Planned = ErasureRequest & {readonly plan: ErasurePlan};

/**
 * Puts the files without the customer into the places of those with him, and brings the lists of the landing folder in line:
 * an arrival keeps its number and gets the new hash. Each step can be taken again: what a killed process has done stays.
 */
export async function rewriteLanding(landing: string, request: Planned): Promise<void> {
  const {files} = request.plan;
  await writeTombstones(landing, request);
  reach("after tombstones");
  await rewriteLedgers(landing, request);
  for (const file of files) {
    await placeFile(landing, file);
    reach("between files");
  }
  await rm(join(landing, draftFolder), {recursive: true, force: true});
}

async function writeTombstones(landing: string, {at, by, client, plan}: Planned): Promise<void> {
  const known = new Set((await readTombstones(landing)).map(({old_sha256, erased_at}) => `${old_sha256} ${erased_at}`));
  const fresh = plan.files.map(
    ({source, old_sha256, new_sha256, new_paths, arrivals}): Tombstone => ({
      path: new_paths[0] ?? `${source}: arrival ${arrivals.join(", ")}`,
      source,
      old_sha256,
      new_sha256,
      erased_at: at,
      by,
      client
    })
  );
  const missing = fresh.filter(({old_sha256, erased_at}) => !known.has(`${old_sha256} ${erased_at}`));
  if (missing.length > 0) await appendTombstones(landing, missing);
}

async function rewriteLedgers(landing: string, {client, plan: {files, ids}}: Planned): Promise<void> {
  const plans = new Map(files.map((file) => [contentKey({source: file.source, sha256: file.old_sha256}), file]));
  const placed = (path: string, file: FilePlan) =>
    file.new_paths[file.old_paths.indexOf(path)] ?? withoutIds(path, ids, file.old_sha256, client);

  const arrivals = await readArrivals(landing);
  const known = new Set<string>();
  const arrivalsNow = arrivals.map((arrival): Arrival => {
    const file = arrival.erased ? undefined : plans.get(contentKey(arrival));
    const now: Arrival = !file
      ? arrival
      : file.new_sha256 === null
        ? {...arrival, path: placed(arrival.path, file), erased: true}
        : {...arrival, path: placed(arrival.path, file), sha256: file.new_sha256, bytes: file.bytes};
    if (now.erased) return now;
    // What two contents had apart may be gone: the second still has its number.
    const key = contentKey(now);
    const isSecond = known.has(key);
    known.add(key);
    return isSecond ? {...now, again: true} : now;
  });
  await replaceIfChanged(join(landing, arrivalsFile), arrivals, arrivalsNow);

  const landed = await readLanded(landing);
  const landedNow = landed.flatMap((line): Landed[] => {
    const file = plans.get(contentKey(line));
    if (!file) return [line];
    if (file.new_sha256 === null) return [];
    const name = namesId(line.name, ids) ? replaced(line.name, ids, "erased") : line.name;
    return [{...line, name, path: placed(line.path, file), sha256: file.new_sha256, bytes: file.bytes}];
  });
  await replaceIfChanged(join(landing, landedFile), landed, landedNow);

  const refused = await readRefused(landing);
  const refusedNow = refused.map((line): Refused => {
    const {name, path, reason, defaults, ...rest} = line;
    const isKept = path !== null && existsSync(join(landing, path));
    const texts = [name, path ?? "", reason, ...Object.values(defaults ?? {})];
    if (isKept || !texts.some((text) => mention(text, ids) || ids.includes(text))) return line;
    const clean = (text: string) => replaced(text, ids, "erased");
    return {...rest, name: clean(name), path: path === null ? null : clean(path), reason: clean(reason)};
  });
  await replaceIfChanged(join(landing, refusedFile), refused, refusedNow);
}

async function replaceIfChanged(file: string, before: readonly object[], after: readonly object[]): Promise<void> {
  if (JSON.stringify(before) !== JSON.stringify(after)) await replaceLedger(file, after);
}

/** Lets a file's copies be what is left of it, or go. */
async function placeFile(landing: string, file: FilePlan): Promise<void> {
  const {old_paths, new_paths, new_sha256} = file;
  if (new_sha256 !== null && existsSync(draftOf(landing, file))) {
    const draft = draftOf(landing, file);
    if ((await contentOf(draft)).sha256 !== new_sha256)
      throw new Error(`draft changed: ${draft}; restore the landing folder from a copy`);
    for (const path of new_paths) {
      await makeFolder(dirname(join(landing, path)));
      await copyFile(draft, `${draft}.copy`);
      const copy = await open(`${draft}.copy`, "r+");
      await copy.sync().finally(() => copy.close());
      await rename(`${draft}.copy`, join(landing, path));
      await flush(dirname(join(landing, path)));
    }
  }
  for (const path of old_paths) {
    // What was in a database's logs is in the draft.
    for (const log of namesBeside(join(landing, path))) await rm(log, {force: true});
    if (new_sha256 !== null && new_paths.includes(path)) continue;
    await rm(join(landing, path), {force: true});
    await removeEmpty(landing, dirname(path));
  }
  if (new_sha256 !== null) await rm(draftOf(landing, file), {force: true});
}

/** A folder's name may be the customer's, too. */
async function removeEmpty(landing: string, folder: string): Promise<void> {
  for (let at = folder; at.includes("/"); at = dirname(at)) {
    const names = await readdir(join(landing, at)).catch(() => undefined);
    if (names && names.length > 0) return;
    if (names) await rmdir(join(landing, at));
  }
}
