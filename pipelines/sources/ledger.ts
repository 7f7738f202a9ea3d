import {open, rename} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {diskFault, flush} from "../delta/ground.js";

/** What a line of a list is called, and what it is good for, for the error. */
export interface LedgerKind {
  readonly name: string;
  readonly worth: string;
}

/**
 * Reads a list that is only ever added to, an object of JSON a line: again and again, each time only what was added since. A
 * last line without its end was never acknowledged to anybody (its writer died inside the write), so it is left out, as it
 * is once it has been struck out.
 */
export class LedgerReader<T> {
  readonly #file: string;
  readonly #kind: LedgerKind;
  /** Which file it is: one that is written anew has the same path. */
  #identity = "";
  /** The bytes and the lines read so far. */
  #offset = 0;
  #lines = 0;

  constructor(file: string, kind: LedgerKind) {
    this.#file = file;
    this.#kind = kind;
  }

  /**
   * The entries since the last reading. `isAnew` when they are all that the list has, as in the first reading and after the
   * list was written anew.
   *
   * @throws Error when a line can't be read, with the file and the line
   */
  async read(): Promise<{entries: T[]; isAnew: boolean}> {
    const handle = await open(this.#file, "r").catch((error) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    try {
      const {ino, birthtimeMs, size} = (await handle?.stat()) ?? {ino: 0, birthtimeMs: 0, size: 0};
      const identity = `${ino} ${birthtimeMs}`;
      const isAnew = identity !== this.#identity || size < this.#offset;
      if (isAnew) [this.#identity, this.#offset, this.#lines] = [identity, 0, 0];
      const added = Buffer.alloc(size - this.#offset);
      const {bytesRead} = (await handle?.read(added, 0, added.length, this.#offset)) ?? {bytesRead: 0};
      // A line without its end may still be under way: it is read once it has one.
      const whole = added.subarray(0, added.subarray(0, bytesRead).lastIndexOf("\n") + 1);
      const lines = whole.toString("utf8").split("\n").slice(0, -1);
      const entries = this.#parse(lines);
      this.#offset += whole.length;
      this.#lines += lines.length;
      return {entries, isAnew};
    } finally {
      await handle?.close();
    }
  }

  #parse(lines: readonly string[]): T[] {
    return lines.flatMap((line, index) => {
      if (line.endsWith(struckOut)) return [];
      try {
        return [JSON.parse(line) as T];
      } catch {
        const {name, worth} = this.#kind;
        const at = `${this.#file}:${this.#lines + index + 1}`;
        throw new Error(`${name} not readable: ${at}; mend the line from a copy, it ${worth}`);
      }
    });
  }
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

/** Ends a line that was torn: the character CANCEL, which JSON has only escaped. */
const struckOut = "\u0018";
