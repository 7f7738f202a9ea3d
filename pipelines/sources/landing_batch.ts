import {existsSync, linkSync, type Stats, statSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {isDeepStrictEqual} from "node:util";
import {diskFault, flush} from "../delta/ground.js";
import {makeFolder} from "../engines/folder.js";
import {reach} from "../observe/steps.js";
import {fileFault} from "../wording/file.js";
import {contentKey, contentOf} from "./arrivals.js";
import {refuseOpenErasure} from "./erasure_request.js";
import {type Dock, type Draft, faultsIn} from "./fit.js";
import {extensionOf} from "./formats/file_name.js";
import {takeTurns} from "./formats/file_reading.js";
import {logsOf} from "./formats/sqlite_files.js";
import {clientOf, type Delivery, type Handover} from "./handover.js";
import {announce, copyWhole, draftFor, removeDraft} from "./incoming.js";
import {appendLanded, appendRefused, type Landed, type Refused} from "./landed.js";
import type {LandingLists} from "./landing_lists.js";

/** A file that was copied. */
interface Copy {
  /** Its place in the batch. */
  readonly index: number;
  readonly handover: Handover;
  readonly draft: string;
  readonly name: string;
  readonly content: {readonly sha256: string; readonly bytes: number};
  /** Of its content. */
  readonly key: string;
}

/** What is to become of a copy: a file in the landing folder, a line in a list, or what it had become before. */
interface Verdict extends Draft {
  readonly copy: Copy;
  /** Its line in `_rejected.jsonl`, where it can't be taken in. */
  readonly refused?: Refused;
  readonly isListed?: boolean;
}

/**
 * Takes a batch of files in: what became of each, in order, and the error that ended it, before which the others were taken in
 * that came first.
 */
export async function landBatch(
  dock: Dock,
  lists: LandingLists,
  batch: readonly (Handover | Delivery)[]
): Promise<{deliveries: Delivery[]; failure?: {error: unknown}}> {
  const settled = new Map<number, Delivery>();
  const copies: Copy[] = [];
  let failure: {error: unknown} | undefined;
  try {
    for (const [index, given] of batch.entries()) {
      const copied = "parcel" in given ? await copyOf(given, index, dock.landing) : given;
      if ("draft" in copied) copies.push(copied);
      else settled.set(index, copied);
      await takeTurns();
    }
  } catch (error) {
    failure = {error};
  }
  try {
    if (copies.length > 0) reach("after copy");
    // Of files with one content, the next can be judged when the list has the one before.
    for (let left: readonly Copy[] = copies; left.length > 0; ) left = await landDistinct(dock, lists, left, settled);
  } catch (error) {
    failure = {error};
  } finally {
    for (const {draft} of copies) removeDraft(draft);
  }
  return {deliveries: batch.flatMap((_, index) => settled.get(index) ?? []), failure};
}

async function copyOf(handover: Handover, index: number, landing: string): Promise<Copy | Delivery> {
  const {file, name = basename(file)} = handover.parcel;
  const fault = faultOf(file);
  if (fault !== undefined) return {name, outcome: "unread", reason: fault};
  const draft = draftFor(landing, file);
  try {
    const content = await copyWhole(file, draft, landing);
    if (typeof content !== "string") {
      const key = contentKey({source: handover.source.name, ...content});
      return {index, handover, draft, name, content, key};
    }
    removeDraft(draft);
    return {name, outcome: "unread", reason: `${file}: ${content}`};
  } catch (error) {
    removeDraft(draft);
    throw error;
  }
}

function faultOf(file: string): string | undefined {
  let found: Stats;
  try {
    found = statSync(file);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? `file not found: ${file}` : fileFault(error, file);
  }
  return found.isFile() ? undefined : `not a file: ${file}; name files, or the folder that they are in`;
}

/** Takes in the first file of each content, and returns the others. */
async function landDistinct(
  dock: Dock,
  lists: LandingLists,
  copies: readonly Copy[],
  settled: Map<number, Delivery>
): Promise<Copy[]> {
  const first = new Map<string, Copy>();
  for (const copy of copies) if (!first.has(copy.key)) first.set(copy.key, copy);
  await lists.follow();
  const open: Copy[] = [];
  for (const copy of first.values()) {
    const before = deliveryBefore(lists, copy);
    if (before) settled.set(copy.index, before);
    else open.push(copy);
  }
  if (open.length > 0) await landFresh(dock, lists, open, settled);
  return copies.filter((copy) => first.get(copy.key) !== copy);
}

/** What becomes of a content that came in before. */
function deliveryBefore(lists: LandingLists, {key, name, content, handover}: Copy): Delivery | undefined {
  const {file, fault} = handover.parcel;
  const path = lists.erasure(content.sha256) === undefined ? lists.knownPath(key) : undefined;
  if (path === undefined || fault !== undefined) return undefined;
  const reason = otherwiseSaid(lists.landed(key), handover);
  if (reason !== undefined) return {name, outcome: "unread", reason: `${file}: ${reason}`};
  return {name, outcome: "known", path, ...content};
}

/** Why a content that came in before can't come in with other defaults: they are said of a content, not of a file. */
function otherwiseSaid(before: Landed | undefined, handover: Handover): string | undefined {
  const {defaults} = handover.parcel;
  if (!defaults || !before) return undefined;
  if (before.client === clientOf(handover) && isDeepStrictEqual(before.defaults, defaults)) return undefined;
  const said = Object.entries(before.defaults ?? {}).map(([column, text]) => `${column} ${text}`);
  return `this content has come in before, with ${said.join(", ") || `client ${before.client}`}, and nothing is changed`;
}

/** Takes in contents that aren't there, each once. */
async function landFresh(
  dock: Dock,
  lists: LandingLists,
  copies: readonly Copy[],
  settled: Map<number, Delivery>
): Promise<void> {
  const {landing} = dock;
  const drafts = copies.map((copy) => ({copy, ...draftOf(copy)}));
  const sound = drafts.filter(
    ({copy, landed}) => copy.handover.parcel.fault === undefined && !lists.erasure(landed.sha256)
  );
  const faults = await faultsIn(dock, sound);
  // An erasure may have begun since, or been done.
  await refuseOpenErasure(landing);
  await lists.follow();
  const verdicts = drafts.map((draft) => verdictOf(draft, faults.get(draft.draft), lists, landing));
  const good = (some: readonly Verdict[]) => some.filter(({refused}) => !refused).map(({landed}) => landed);
  const forget = await announce(landing, good(verdicts));
  const {linked, failure} = await linkAll(landing, verdicts);
  if (good(linked).length > 0) reach("after landing");
  await appendLanded(landing, good(linked));
  await appendRefused(
    landing,
    linked.flatMap(({refused, isListed}) => (refused && !isListed ? [refused] : []))
  );
  await forget();
  for (const {copy, landed, refused} of linked) settled.set(copy.index, deliveryOf(copy, refused ?? landed));
  if (failure) throw failure.error;
}

function draftOf({draft, handover, name, content}: Copy): Draft {
  const {source, parcel} = handover;
  const {file, defaults, format} = parcel;
  const [client, now] = [clientOf(handover), new Date().toISOString()];
  const path = [source.folder, client, ...now.slice(0, 10).split("-"), content.sha256 + extensionOf(file)].join("/");
  const said = {...(defaults && {defaults}), ...(format && {format})};
  return {draft, source, landed: {source: source.name, client, path, ...content, name, landed_at: now, ...said}};
}

function verdictOf(
  draft: Draft & {readonly copy: Copy},
  fault: string | undefined,
  lists: LandingLists,
  landing: string
): Verdict {
  const {copy, landed} = draft;
  const erasure = lists.erasure(landed.sha256);
  if (erasure !== undefined) {
    const {defaults, format, ...line} = landed;
    return {...draft, refused: {...line, path: null, reason: erasure}};
  }
  const reason = copy.handover.parcel.fault ?? fault;
  if (reason === undefined) return draft;
  const before = lists.refused(copy.key);
  const isListed = before?.reason === reason && before.path !== null && existsSync(join(landing, before.path));
  return {...draft, isListed, refused: isListed ? before : {...landed, path: `_rejected/${landed.path}`, reason}};
}

function deliveryOf({name, content}: Copy, to: Landed | Refused): Delivery {
  if (!("reason" in to)) return {name, outcome: "landed", path: to.path, ...content};
  return {name, outcome: "rejected", ...(to.path !== null && {path: to.path}), ...content, reason: to.reason};
}

/** Gives files their names, in order, so that the names outlast a power cut: up to the first that can't have its name. */
async function linkAll(
  landing: string,
  verdicts: readonly Verdict[]
): Promise<{linked: Verdict[]; failure?: {error: unknown}}> {
  const linked: Verdict[] = [];
  const folders = new Set<string>();
  let failure: {error: unknown} | undefined;
  for (const verdict of verdicts) {
    const path = verdict.refused ? verdict.refused.path : verdict.landed.path;
    try {
      if (path !== null && !verdict.isListed) {
        const folder = dirname(path);
        if (!folders.has(folder)) await makeFolder(join(landing, folder));
        for (let above = folder; above !== "."; above = dirname(above)) folders.add(above);
        await linkInto(join(landing, path), verdict);
      }
    } catch (error) {
      failure = {error: diskFault(error, landing)};
      break;
    }
    linked.push(verdict);
  }
  const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
  for (const folder of [...deepestFirst, "."]) await flush(join(landing, folder));
  return {linked, failure};
}

/** Gives a whole file its name. One of that name is the same content, as its name is its hash, and is looked at all the same. */
async function linkInto(file: string, {draft, landed}: Draft): Promise<void> {
  const link = (from: string, to: string): boolean => {
    try {
      linkSync(from, to);
      return true;
    } catch (error: any) {
      if (error.code !== "EEXIST") throw error;
      return false;
    }
  };
  for (const log of logsOf(draft)) link(log, file + log.slice(draft.length));
  if (link(draft, file) || (await contentOf(file)).sha256 === landed.sha256) return;
  throw new Error(
    `file changed since it landed: ${landed.path}; move it away, landed files are named by their content`
  );
}
