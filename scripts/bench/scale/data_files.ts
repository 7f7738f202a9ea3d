import {mkdir, readdir, rename, rm} from "node:fs/promises";
import {dirname, join} from "node:path";

/** Layers whose tables models make; `bronze.source` is the settings' own, in one row a source. */
const layers = ["bronze", "silver", "gold", "quality"];
const settings = "source";

/**
 * Does work while the data files of a lake's tables are somewhere else and only their logs are where they belong:
 * whatever needs a table's rows then fails. They are back when this returns, the work done or failed.
 */
export async function withoutDataFiles<T>(lake: string, work: () => Promise<T>): Promise<T> {
  const aside = `${lake}.aside`;
  const moved: string[] = [];
  try {
    for (const layer of layers) {
      for (const table of await readdir(join(lake, layer))) {
        if (layer === "bronze" && table === settings) continue;
        for (const entry of await readdir(join(lake, layer, table))) {
          if (entry === "_delta_log") continue;
          const path = join(layer, table, entry);
          await mkdir(dirname(join(aside, path)), {recursive: true});
          await rename(join(lake, path), join(aside, path));
          moved.push(path);
        }
      }
    }
    return await work();
  } finally {
    for (const path of moved) await rename(join(aside, path), join(lake, path));
    await rm(aside, {recursive: true, force: true});
  }
}
