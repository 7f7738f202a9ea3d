import {createHash, randomUUID} from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync
} from "node:fs";
import {open, readdir, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {Transform} from "node:stream";
import {pipeline} from "node:stream/promises";
import {diskFault} from "../delta/ground.js";
import {makeFolder} from "../engines/folder.js";
import {fileFault} from "../wording/file.js";
import {extensionOf} from "./formats/file_name.js";
import {logsOf, namesBeside} from "./formats/sqlite_files.js";
import type {Landed} from "./landed.js";
import {appendLedger, LedgerReader} from "./ledger.js";

/** What a content is. */
interface Content {
  readonly sha256: string;
  readonly bytes: number;
}

/** The folder of copies under way and of what is about to land, hidden, so that no run takes anything in from there. */
export const incomingFolder = ".incoming";

/** Makes the folder of copies under way, and clears it of what processes left there that were killed. */
export async function openIncoming(landing: string): Promise<void> {
  const folder = join(landing, incomingFolder);
  await makeFolder(folder).catch((error) => {
    throw diskFault(error, landing);
  });
  for (const name of await readdir(folder)) {
    const left = await stat(join(folder, name)).catch(() => undefined);
    if (left && Date.now() - left.mtimeMs > dayMilliseconds) await rm(join(folder, name), {force: true});
  }
}

const dayMilliseconds = 86_400_000;

/** A path for the copy of a file, that nothing else has. */
export function draftFor(landing: string, file: string): string {
  return join(landing, incomingFolder, randomUUID() + extensionOf(file));
}

/** Removes a copy, as far as the disk lets it go. */
export function removeDraft(draft: string): void {
  for (const left of [draft, ...namesBeside(draft)])
    try {
      rmSync(left, {force: true});
    } catch {
      // What is left goes away after a day.
    }
}

/**
 * Copies a file, a database with its logs, so that the copy outlasts a power cut, and says what was copied: the file itself
 * may change meanwhile.
 *
 * @returns a sentence where the file can't be read
 * @throws Error when the copy can't be written
 */
export async function copyWhole(file: string, draft: string, landing: string): Promise<Content | string> {
  const logs = logsOf(file);
  try {
    const isSmall = logs.length === 0 && statSync(file).size <= largestWhole;
    return isSmall ? copyAtOnce(file, draft) : await copyInParts([file, ...logs], draft);
  } catch (error: any) {
    const isOfFile = error.syscall === "read" || [file, ...logs].includes(error.path);
    if (isOfFile) return fileFault(error, file);
    throw diskFault(error, landing);
  }
}

/** Files up to here are copied at once: for thousands of small ones a stream each takes several times as long. */
const largestWhole = 4 * 1024 * 1024;

function copyAtOnce(file: string, draft: string): Content {
  const content = readFileSync(file);
  const copy = openSync(draft, "wx");
  try {
    for (let written = 0; written < content.length; ) written += writeSync(copy, content, written);
    fsyncSync(copy);
  } finally {
    closeSync(copy);
  }
  return {sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length};
}

async function copyInParts([file, ...logs]: readonly string[], draft: string): Promise<Content> {
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
  for (const part of [file!, ...logs]) {
    const to = draft + part.slice(file!.length);
    await pipeline(createReadStream(part), measure(), createWriteStream(to, {flags: "wx"}));
    const copy = await open(to, "r+");
    await copy.sync().finally(() => copy.close());
  }
  return {sha256: hash.digest("hex"), bytes};
}

/** What is written of a file before it gets its name in the landing folder. */
export type Announced = Pick<Landed, "source" | "path" | "sha256" | "defaults">;

/**
 * Writes down which files are about to land, in their order; of one alone there is none to keep. A run that finds some of them
 * before `_landed.jsonl` lists them, or after their process ended without that, knows their order and what their rows leave
 * empty from here.
 *
 * @returns forgets them again, once they are listed
 */
export async function announce(landing: string, files: readonly Landed[]): Promise<() => Promise<void>> {
  const list = join(landing, incomingFolder, `${announcing}${randomUUID()}.jsonl`);
  const forget = () => rm(list, {force: true});
  if (files.length < 2) return forget;
  const lines = files.map(({source, path, sha256, defaults}): Announced => ({source, path, sha256, defaults}));
  await appendLedger(list, lines).catch(async (error) => {
    await forget();
    throw error;
  });
  return forget;
}

/** No draft begins like this: their names begin with a hexadecimal digit. */
const announcing = "landing-";

/** What is about to land, or was when its process was killed; processes that land at the same time in any order. */
export async function readAnnounced(landing: string): Promise<Announced[]> {
  const folder = join(landing, incomingFolder);
  const names = await readdir(folder).catch(() => []);
  const lists = names.filter((name) => name.startsWith(announcing));
  const kind = {name: "file about to land", worth: "says which data is newer"};
  const read = lists.map((name) => new LedgerReader<Announced>(join(folder, name), kind).read());
  return (await Promise.all(read)).flatMap(({entries}) => entries);
}
