import {join} from "node:path";
import {Command, Option} from "commander";
import {chalk} from "zx";
import {count} from "../generate/options.js";
import {measure} from "./measure.js";
import {median, round} from "./numbers.js";
import {type SmallKind, smallKinds, writeSmallFiles} from "./small_files.js";
import {inTemporaryFolder} from "./temporary_folder.js";

interface Options {
  runs: number;
  kind: SmallKind;
  json?: boolean;
}

/** How often the cost at an end is measured, and what it may be at the last of that at the first. */
const [measured, asked] = [5, 1.5];

const query = "SELECT count(*) FROM quality.file_account";

/** `bench runs`: whether a run and a query cost the same after many runs as after few. */
export function runsBench(): Command {
  return new Command("runs")
    .description("the processor time of a run of one small file, and of a query, after many runs against the first")
    .option("--runs <count>", "how many runs", count, 300)
    .addOption(new Option("--kind <kind>", "what the files are").choices(smallKinds).default("csv"))
    .option("--json", "print one JSON object")
    .allowExcessArguments(false)
    .action((options: Options) => inTemporaryFolder((folder) => bench(folder, options)));
}

async function bench(folder: string, {runs, kind, json}: Options): Promise<void> {
  const say = (text: string) => json || console.error(chalk.dim(text));
  const lake = join(folder, "lake");
  const program = async (...words: readonly string[]) =>
    (await measure(folder, ["scripts/start.js", ...words])).cpuSeconds;
  const ofRuns: number[] = [];
  const run = async () => {
    await writeSmallFiles(lake, kind, ofRuns.length, 1);
    ofRuns.push(await program("run", "--lake", lake, "--quiet"));
    if (ofRuns.length % 20 === 0) say(`run ${ofRuns.length}: ${ofRuns.at(-1)!.toFixed(2)} s of all cores`);
  };
  const queries = async () => {
    const seconds: number[] = [];
    for (let index = 0; index < measured; index++) seconds.push(await program("lake", "query", "--lake", lake, query));
    return median(seconds);
  };
  // The first run builds every table.
  for (let index = 0; index <= measured; index++) await run();
  const firstQuery = await queries();
  while (ofRuns.length < runs) await run();
  const lastQuery = await queries();
  const first = median(ofRuns.slice(1, 1 + measured));
  const last = median(ofRuns.slice(-measured));
  const ratios = {run: last / first, query: lastQuery / firstQuery};
  const line = (what: string, [from, to]: readonly [number, number], ratio: number) =>
    `${what} ${ratio.toFixed(2)} (asked: at most ${asked}): ${from.toFixed(2)} s of all cores at first, ${to.toFixed(2)} s after ${runs} runs`;
  console.log(
    json
      ? JSON.stringify({
          ...{runs, kind, run_ratio: round(ratios.run, 3), query_ratio: round(ratios.query, 3), asked},
          ...{first_run_cpu_seconds: round(first, 3), last_run_cpu_seconds: round(last, 3)},
          ...{first_query_cpu_seconds: round(firstQuery, 3), last_query_cpu_seconds: round(lastQuery, 3)},
          holds: Math.max(ratios.run, ratios.query) <= asked
        })
      : [line("a run", [first, last], ratios.run), line("a query", [firstQuery, lastQuery], ratios.query)].join("\n")
  );
}
