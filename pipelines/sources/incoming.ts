import {createHash, randomUUID} from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
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
import {appendLanded, type Landed, readLanded} from "./landed.js";
import {appendLedger, LedgerReader} from "./ledger.js";

/** What a content is. */
interface Content {
  readonly sha256: string;
  readonly bytes: number;
}

/** The folder of copies under way and of what is about to land, hidden, so that no run takes anything in from there. */
export const incomingFolder = ".incoming";

/** Makes the folder of copies under way, and clears it of what processes left there that were killed more than a day ago. */
export async function openIncoming(landing: string): Promise<void> {
  await makeFolder(join(landing, incomingFolder)).catch((error) => {
    throw diskFault(error, landing);
  });
  await clearIncoming(landing, dayMilliseconds);
}

const dayMilliseconds = 86_400_000;

/**
 * Clears the folder of copies under way of all that is so old. A file that had its name in the landing folder when its process
 * was killed, but no line in `_landed.jsonl`, gets that first.
 */
export async function clearIncoming(landing: string, age = 0): Promise<void> {
  const folder = join(landing, incomingFolder);
  const left: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs >= age) left.push(name);
  }
  const announced = await readLists(landing, left.filter(isList));
  if (announced.length > 0) {
    const keyOf = ({source, sha256}: Landed) => `${source} ${sha256}`;
    const listed = new Set((await readLanded(landing)).map(keyOf));
    await appendLanded(
      landing,
      announced.filter((file) => !listed.has(keyOf(file)) && existsSync(join(landing, file.path)))
    );
  }
  for (const name of left) await rm(join(folder, name), {force: true});
}

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

/** Files up to here are read at once: for thousands of small ones a stream each takes several times as long. */
export const largestWhole = 4 * 1024 * 1024;

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
  await appendLedger(list, files).catch(async (error) => {
    await forget();
    throw error;
  });
  return forget;
}

/** No draft begins like this: their names begin with a hexadecimal digit. */
const announcing = "landing-";

function isList(name: string): boolean {
  return name.startsWith(announcing);
}

/** What is about to land, or was when its process was killed; processes that land at the same time in any order. */
export async function readAnnounced(landing: string): Promise<Landed[]> {
  const names = await readdir(join(landing, incomingFolder)).catch(() => []);
  return readLists(landing, names.filter(isList));
}

async function readLists(landing: string, names: readonly string[]): Promise<Landed[]> {
  const kind = {name: "file about to land", worth: "says which data is newer"};
  const read = names.map((name) => new LedgerReader<Landed>(join(landing, incomingFolder, name), kind).read());
  return (await Promise.all(read)).flatMap(({entries}) => entries);
}
