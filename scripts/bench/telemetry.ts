import {rm} from "node:fs/promises";
import {join} from "node:path";
import {Command} from "commander";
import {chalk} from "zx";
import {plusDays} from "../../pipelines/delta/slice.js";
import {count} from "../generate/options.js";
import {writeTelemetry} from "../generate/telemetry.js";
import {compareTables} from "./agreement.js";
import {inTurn, measure} from "./measure.js";
import {benchJson, benchText, summary} from "./summary.js";
import {inTemporaryFolder} from "./temporary_folder.js";

interface Options {
  days: number;
  yearDays: number;
  rowsPerDevice: number;
  pairs: number;
  json?: boolean;
}

const start = "2025-01-01";
const rates = {faults: 0.01, duplicates: 0.005, outOfRange: 0.005, broken: 0};

/** `bench telemetry`: lines of JSON into a site's days against a bare script, and one new day on a year of them. */
export function telemetryBench(): Command {
  return new Command("telemetry")
    .description("telemetry of ten devices into a site's days, against a bare script; and one new day on a year")
    .option("--days <count>", "how many days for both to read", count, 30)
    .option("--year-days <count>", "how many days there are when a new one comes", count, 365)
    .option("--rows-per-device <count>", "how many records of a device and day", count, 1440)
    .option("--pairs <count>", "how often to run both", count, 3)
    .option("--json", "print one JSON object")
    .allowExcessArguments(false)
    .action((options: Options) => inTemporaryFolder((folder) => bench(folder, options)));
}

async function bench(folder: string, options: Options): Promise<void> {
  const {days, yearDays, rowsPerDevice, pairs: times, json} = options;
  const landing = join(folder, "landing");
  const lake = join(folder, "lake");
  const byHand = join(folder, "bare");
  const say = (text: string) => json || console.error(chalk.dim(text));
  const land = (from: string, days: number) =>
    writeTelemetry({start: from, days, rowsPerDevice, seed: 1, rates}, join(landing, "telemetry"));
  const runPipeline = () =>
    measure(folder, ["scripts/start.js", "run", "--lake", lake, "--landing", landing, "--quiet"]);
  const runAnew = async () => {
    await rm(lake, {recursive: true, force: true});
    await rm(join(landing, "_arrivals.jsonl"), {force: true});
    return runPipeline();
  };
  const runByHand = async () => {
    await rm(byHand, {recursive: true, force: true});
    return measure(folder, ["scripts/bench/telemetry_bare.ts", "--landing", landing, "--to", byHand]);
  };

  const {lines} = await land(start, days);
  say(`${lines.toLocaleString("en")} lines; ${times} pairs`);
  const pairs = await inTurn(times, runAnew, runByHand, say);
  const result = summary(lines, pairs, await compareTables(lake, byHand, ["gold.site_day"]), "lines");

  if (yearDays > days) await land(plusDays(start, days), yearDays - days);
  const idle = await measure(folder, ["scripts/start.js", "run", "--help"]);
  const year = await runAnew();
  await land(plusDays(start, Math.max(yearDays, days)), 1);
  const day = await runPipeline();
  // Of processor time, less what a process needs to start: seconds would also count what else the machine does.
  const share = (day.cpuSeconds - idle.cpuSeconds) / (year.cpuSeconds - idle.cpuSeconds);
  const newDay = {
    days: Math.max(yearDays, days),
    cpu_seconds: year.cpuSeconds - idle.cpuSeconds,
    new_day_cpu_seconds: day.cpuSeconds - idle.cpuSeconds,
    new_day_share: share
  };
  console.log(
    json
      ? JSON.stringify({...JSON.parse(benchJson(result)), new_day: newDay}, null, 2)
      : `${benchText(result)}\none new day on ${newDay.days}: ${(share * 100).toFixed(1)} % of their processor time (${newDay.new_day_cpu_seconds.toFixed(1)} of ${newDay.cpu_seconds.toFixed(1)} s)`
  );
  if (result.differing.length > 0) process.exitCode = 1;
}
