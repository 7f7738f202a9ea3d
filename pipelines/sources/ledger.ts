import {open, readFile, rename} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {diskFault, flush} from "../delta/ground.js";

/**
 * A list that is only ever added to, an object of JSON a line. A last line without its end was never acknowledged to
 * anybody (its writer died inside the write), so it is left out, as it is once it has been struck out.
 *
 * @param thing what a line is, and why it matters, for the error
 * @throws Error when a line can't be read, with the file and the line
 */
export async function readLedger<T>(file: string, thing: {name: string; worth: string}): Promise<T[]> {
  const lines = wholeLines(await readText(file))
    .split("\n")
    .slice(0, -1);
  return lines.flatMap((line, index) => {
    if (line.endsWith(struckOut)) return [];
    try {
      return [JSON.parse(line) as T];
    } catch {
      throw new Error(`${thing.name} not readable: ${file}:${index + 1}; mend the line from a copy, it ${thing.worth}`);
    }
  });
}

/** Adds lines, which outlast a power cut once this returns. Several processes may at the same moment. */
export async function appendLedger(file: string, entries: readonly object[]): Promise<void> {
  const handle = await open(file, "a+");
  try {
    // A torn last line is struck out, or the new lines would run on from it. To cut it off could cut off what another
    // process has added meanwhile.
    const {size} = await handle.stat();
    const {buffer: last} = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const end = size === 0 || last[0] === 0x0a ? "" : `${struckOut}\n`;
    await handle.appendFile(end + entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    await handle.sync();
  } catch (error) {
    throw diskFault(error, dirname(file));
  } finally {
    await handle.close();
  }
}

/** Puts a whole text into a file's place, which outlasts a power cut once this returns: readers find one or the other. */
export async function replaceText(file: string, text: string): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.draft`);
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await flush(dirname(file));
}

/** Writes a list anew: of one that is only ever added to, the exception that an erasure is. */
export function replaceLedger(file: string, entries: readonly object[]): Promise<void> {
  return replaceText(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

/** Ends a line that was torn: the character CANCEL, which JSON has only escaped. */
const struckOut = "\u0018";

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}
