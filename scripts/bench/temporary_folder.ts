import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** Works in a folder of its own, which goes when the work is done or has failed. */
export async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "wattlake-bench-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
