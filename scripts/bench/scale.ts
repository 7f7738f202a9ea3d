import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {Command} from "commander";
import {chalk} from "zx";
import {count} from "../generate/options.js";
import {measure} from "./measure.js";
import {figuresJson, figuresOf, figuresText} from "./scale/figures.js";
import {type GrownLake, growLake, type Run, sampleFiles} from "./scale/grown_lake.js";

interface Options {
  meters: number[];
  years: number[];
  repeat: number;
  json?: boolean;
}

const sample = fileURLToPath(new URL("../../lake/landing/eliq", import.meta.url));

/** `bench scale`: what a new day, a corrected one and none at all take on a lake that has grown, and what it takes to build it. */
export function scaleBench(): Command {
  return new Command("scale")
    .description(
      "a new day, a corrected day, no day and a meter's year on lakes of several sizes, against their builds"
    )
    .option("--meters <counts...>", "how many meters; several for a lake each", counts(), [2740])
    .option("--years <counts...>", "how many years of each; several for a lake each", counts(), [1])
    .option("--repeat <count>", "how often to measure each run but the build, up to 8 times", count, 3)
    .option("--json", "print one JSON object")
    .allowExcessArguments(false)
    .action(async ({meters, years, repeat, json}: Options) => {
      const say = (text: string) => json || console.error(chalk.dim(text));
      const lakes: GrownLake[] = [];
      for (const size of meters) {
        for (const length of years) {
          lakes.push(
            await inFolder((folder, run) => growLake(folder, {meters: size, years: length, repeat}, run, say))
          );
        }
      }
      const figures = figuresOf(lakes, await inFolder((folder, run) => sampleFiles(folder, sample, run)));
      console.log(json ? figuresJson(figures, lakes) : figuresText(figures));
    });
}

/** Does work in a folder of its own, which goes away with it. */
async function inFolder<T>(work: (folder: string, run: Run) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "wattlake-bench-"));
  try {
    return await work(folder, (program) => measure(folder, program));
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** Takes one more whole number above zero as an option's values; the first in the place of the default. */
function counts(): (text: string) => number[] {
  const given: number[] = [];
  return (text) => {
    given.push(count(text));
    return given;
  };
}
