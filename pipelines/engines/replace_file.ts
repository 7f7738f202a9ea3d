import {randomUUID} from "node:crypto";
import {rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {makeFolder} from "./folder.js";

/** Puts a file into the place of the one before it: whoever reads it reads one or the other whole. */
export async function replaceFile(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(folder);
  const draft = join(folder, `.${name}-${randomUUID()}`);
  try {
    await writeFile(draft, content);
    await rename(draft, join(folder, name));
  } catch (error) {
    await rm(draft, {force: true});
    throw error;
  }
}
