import {join} from "node:path";
import {Command, Option} from "commander";
import {chalk} from "zx";
import {count} from "../generate/options.js";
import {scriptByHand} from "./by_hand.js";
import {measure} from "./measure.js";
import {median, round} from "./numbers.js";
import {type SmallKind, smallKinds, writeSmallFiles} from "./small_files.js";
import {inTemporaryFolder} from "./temporary_folder.js";

interface Options {
  files: number;
  kind: SmallKind;
  rows: number;
  repeat: number;
  json?: boolean;
}

/** What is asked: of the processor time of the script by hand, and of memory. */
const asked = {all: 2, oneMore: 0.15, peakBytes: 1e9};

/** `bench small`: many files of three rows each, and one more, against the script by hand on its own rows. */
export function smallBench(): Command {
  return new Command("small")
    .description("many small files and then one more, in processor time of the script by hand for a million daily rows")
    .option("--files <count>", "how many files", count, 20_000)
    .addOption(new Option("--kind <kind>", "what the files are").choices(smallKinds).default("csv"))
    .option("--rows <count>", "how many daily rows the script by hand reads", count, 1_000_000)
    .option("--repeat <count>", "how often to run the script by hand, and to add one more file", count, 3)
    .option("--json", "print one JSON object")
    .allowExcessArguments(false)
    .action((options: Options) => inTemporaryFolder((folder) => bench(folder, options)));
}

async function bench(folder: string, {files, kind, rows, repeat, json}: Options): Promise<void> {
  const say = (text: string) => json || console.error(chalk.dim(text));
  const byHand = await scriptByHand(folder, rows, repeat);
  say(`script by hand: ${byHand.toFixed(1)} s of all cores`);
  const lake = join(folder, "lake");
  const run = () => measure(folder, ["scripts/start.js", "run", "--lake", lake, "--quiet"]);
  await writeSmallFiles(lake, kind, 0, files);
  const all = await run();
  say(`${files.toLocaleString("en")} files: ${all.cpuSeconds.toFixed(1)} s`);
  const more: number[] = [];
  for (let index = 0; index < repeat; index++) {
    await writeSmallFiles(lake, kind, files + index, 1);
    more.push((await run()).cpuSeconds);
  }
  const oneMore = median(more);
  const ratios = {all: all.cpuSeconds / byHand, oneMore: oneMore / byHand};
  const holds = ratios.all <= asked.all && ratios.oneMore <= asked.oneMore && all.peakBytes <= asked.peakBytes;
  console.log(
    json
      ? JSON.stringify({
          ...{files, kind, handwritten_cpu_seconds: round(byHand, 3), cpu_seconds: round(all.cpuSeconds, 3)},
          ...{one_more_cpu_seconds: round(oneMore, 3), peak_rss_bytes: all.peakBytes},
          ...{ratio: round(ratios.all, 3), one_more_ratio: round(ratios.oneMore, 3), asked, holds}
        })
      : [
          `${files.toLocaleString("en")} files (${kind}), in processor time of the script by hand (${byHand.toFixed(1)} s):`,
          `all of them ${ratios.all.toFixed(2)} (asked: at most ${asked.all}), ${all.cpuSeconds.toFixed(1)} s`,
          `one more ${ratios.oneMore.toFixed(3)} (asked: at most ${asked.oneMore}), ${oneMore.toFixed(1)} s`,
          `peak memory ${Math.round(all.peakBytes / 1e6)} MB (asked: at most ${asked.peakBytes / 1e6})`
        ].join("\n")
  );
}
