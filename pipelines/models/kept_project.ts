import {createHash} from "node:crypto";
import {readdir, readFile, rm, stat, utimes} from "node:fs/promises";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {deserialize, serialize} from "node:v8";
import {replaceFile} from "../engines/replace_file.js";

/** The program's own folder, which only those who may change the program can write to. */
const program = fileURLToPath(new URL("../..", import.meta.url));
const defaultFolder = join(program, ".cache", "projects");

/** As many are kept; the one that was not used for longest goes. */
const most = 20;

/**
 * What `make` gives, from a file where the same was made before: to read all models and parse them takes a third of a second
 * of every start. `parts` say what it depends on; that it depends on the program's own code is known. What isn't there or can't
 * be read is made anew; what can't be kept is not.
 *
 * @param folder where the files are kept
 */
export async function kept<T>(parts: readonly unknown[], make: () => Promise<T>, folder = defaultFolder): Promise<T> {
  const name = `${createHash("sha256")
    .update(JSON.stringify([await stateOf(dirname(fileURLToPath(import.meta.url))), ...parts]))
    .digest("hex")}.v8`;
  const file = join(folder, name);
  const found = await readFile(file)
    .then(deserialize)
    .catch(() => undefined);
  if (found !== undefined) {
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    return found;
  }
  const made = await make();
  await replaceFile(folder, name, serialize(made))
    .then(() => dropOldest(folder))
    .catch(() => undefined);
  return made;
}

/** What changes when any file of a folder does. */
async function stateOf(folder: string): Promise<string[]> {
  const files = (await readdir(folder, {recursive: true})).sort();
  return Promise.all(
    files.map(async (file) => {
      const {mtimeMs, size} = await stat(join(folder, file));
      return `${file} ${mtimeMs} ${size}`;
    })
  );
}

async function dropOldest(folder: string): Promise<void> {
  const files = (await readdir(folder)).map((name) => join(folder, name));
  if (files.length <= most) return;
  const aged = await Promise.all(files.map(async (file) => ({file, used: (await stat(file)).mtimeMs})));
  const old = aged.sort((a, b) => b.used - a.used).slice(most);
  await Promise.all(old.map(({file}) => rm(file, {force: true})));
}
