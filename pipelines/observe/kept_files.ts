import {readdir, rm} from "node:fs/promises";
import {join} from "node:path";
import {makeFolder} from "../engines/folder.js";

/** How many runs' files of a kind a lake keeps. */
const keptRuns = 1000;

/** The file of a run in a folder of such files, which is made; those of the oldest runs go once there are too many. */
export async function runFile(folder: string, run: number): Promise<string> {
  await makeFolder(folder);
  const runs = (await readdir(folder)).map((name) => Number(/^(\d+)\.jsonl$/.exec(name)?.[1] ?? NaN));
  const others = runs.filter((other) => !Number.isNaN(other) && other !== run).sort((a, b) => b - a);
  for (const old of others.slice(keptRuns - 1)) await rm(join(folder, `${old}.jsonl`), {force: true});
  return join(folder, `${run}.jsonl`);
}
