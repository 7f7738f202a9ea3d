import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {onTestFinished} from "vitest";

/** Makes a folder with these files, by path; it goes when the test is over. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderFor(files);
  onTestFinished(() => rm(folder, {recursive: true}));
  return folder;
}

/** Makes a folder with these files, by path; it stays until it is taken away. */
export async function folderFor(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "models-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), text);
  }
  return folder;
}
