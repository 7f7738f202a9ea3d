import {stat} from "node:fs/promises";
import type {DataFile} from "./snapshot.js";

/** What is wrong with the first of some data files that isn't as the log has it, as a sentence; undefined if none is. */
export async function damageOf(files: readonly DataFile[]): Promise<string | undefined> {
  for (const {file, size} of files) {
    const found = await stat(file).catch(() => undefined);
    if (!found) return `data file not found: ${file}`;
    if (found.size !== size) return `data file not whole: ${file} has ${found.size} bytes of ${size}`;
  }
  return undefined;
}
