import {mkdir, stat} from "node:fs/promises";
import {dirname} from "node:path";

/**
 * Makes a folder, and those above it that aren't there. Node's own `recursive` never ends where the system denies a
 * folder that could be made, as in /proc.
 *
 * @throws Error of the system's when it can't be made
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error: any) {
    if (await isFolder(path)) return;
    if (error.code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    // Another process may have made it meanwhile.
    await mkdir(path).catch(async (refused) => {
      if (!(await isFolder(path))) throw refused;
    });
  }
}

/** Whether there is a folder of that path. */
export function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false
  );
}
