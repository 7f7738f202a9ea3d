import {cp, mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {Command} from "commander";
import {chalk} from "zx";
import {count} from "../generate/options.js";
import {scriptByHand} from "./by_hand.js";
import {measure} from "./measure.js";
import {median, round} from "./numbers.js";
import {inTemporaryFolder} from "./temporary_folder.js";

interface Options {
  rows: number;
  repeat: number;
  json?: boolean;
}

/** Something that people do every day, and what it may take of the processor time of the script by hand. */
interface Chore {
  readonly what: string;
  readonly asked: number;
  readonly cpuSeconds: number;
}

const samples = fileURLToPath(new URL("../../lake/landing", import.meta.url));

/** `bench everyday`: small things on the sample lake, against the script by hand for a million daily rows. */
export function everydayBench(): Command {
  return new Command("everyday")
    .description(
      "help, a query, a run with nothing to do, the sample's build and one more file, in time of the script by hand"
    )
    .option("--rows <count>", "how many daily rows the script by hand reads", count, 1_000_000)
    .option("--repeat <count>", "how often to do each of them", count, 3)
    .option("--json", "print one JSON object")
    .allowExcessArguments(false)
    .action((options: Options) => inTemporaryFolder((folder) => bench(folder, options)));
}

async function bench(folder: string, {rows, repeat, json}: Options): Promise<void> {
  const say = (text: string) => json || console.error(chalk.dim(text));
  const byHand = await scriptByHand(folder, rows, repeat);
  say(`script by hand: ${byHand.toFixed(1)} s of all cores`);
  const chores: Chore[] = [];
  const add = (what: string, asked: number, cpuSeconds: number) => {
    chores.push({what, asked, cpuSeconds});
    say(`${what}: ${cpuSeconds.toFixed(2)} s`);
  };
  for await (const {what, asked, cpuSeconds} of choresOn(folder, repeat)) add(what, asked, cpuSeconds);
  const lines = chores.map(({what, asked, cpuSeconds}) => ({
    ...{what, cpu_seconds: round(cpuSeconds, 3), share: round(cpuSeconds / byHand, 4), asked: round(asked, 4)},
    holds: cpuSeconds <= asked * byHand
  }));
  console.log(
    json
      ? JSON.stringify({handwritten_cpu_seconds: round(byHand, 3), chores: lines})
      : [
          `in processor time of the script by hand (${byHand.toFixed(1)} s):`,
          ...lines.map(
            ({what, cpu_seconds, share, asked}) => `${what}: ${share} (asked: at most ${asked}), ${cpu_seconds} s`
          )
        ].join("\n")
  );
}

async function* choresOn(folder: string, repeat: number): AsyncGenerator<Chore> {
  const lake = join(folder, "lake");
  const program = async (...words: readonly string[]) =>
    (await measure(folder, ["scripts/start.js", ...words])).cpuSeconds;
  const run = () => program("run", "--lake", lake, "--quiet");
  const often = async (work: (index: number) => Promise<number>) => {
    const seconds: number[] = [];
    for (let index = 0; index < repeat; index++) seconds.push(await work(index));
    return median(seconds);
  };
  // The shares are those of 0.5, 1 and 1.5 s of 30 that the script took where they were set.
  yield {what: "pipeline --help", asked: 0.5 / 30, cpuSeconds: await often(() => program("run", "--help"))};
  yield {what: "lake --help", asked: 0.5 / 30, cpuSeconds: await often(() => program("lake", "--help"))};
  await cp(samples, join(lake, "landing"), {recursive: true, filter: (path) => !path.endsWith("_arrivals.jsonl")});
  yield {what: "first build of the sample lake", asked: 24 / 30, cpuSeconds: await run()};
  const query = "SELECT count(*) FROM silver.reading";
  yield {
    what: "a query of one row",
    asked: 1 / 30,
    cpuSeconds: await often(() => program("lake", "query", query, "--lake", lake))
  };
  yield {what: "a run with nothing to do", asked: 1.5 / 30, cpuSeconds: await often(run)};
  const quarters = await often(async (index) => {
    await land(lake, `quarters-${index}`, instants("2022-06-01T00:00:00Z", 96, 11 * 15), 15);
    return run();
  });
  yield {what: "one more file: 96 quarters of a meter over 11 dates", asked: 4 / 30, cpuSeconds: quarters};
  await land(lake, "six-years", instants("2016-01-01T00:00:00Z", 105_120, 30), 30);
  yield {what: "one more file: six years of half hours of a meter", asked: 12 / 30, cpuSeconds: await run()};
}

/** Lands a meter's values of 0.25 kWh, a row each. */
async function land(lake: string, meter: string, starts: readonly Date[], minutes: number): Promise<void> {
  const folder = join(lake, "landing", "intervals", "everyday");
  const rows = starts.map((start) => `acme,${meter},electricity,import,${start.toISOString()},${minutes}min,0.25,kWh`);
  await mkdir(folder, {recursive: true});
  const header = "client_id,meter_id,fuel,channel,start,resolution,value,unit";
  await writeFile(join(folder, `${meter}.csv`), [header, ...rows, ""].join("\n"));
}

/** So many instants, so many minutes apart. */
function instants(from: string, count: number, minutes: number): Date[] {
  return Array.from({length: count}, (_, index) => new Date(Date.parse(from) + index * minutes * 60_000));
}
