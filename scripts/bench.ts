import {rm} from "node:fs/promises";
import {join} from "node:path";
import {Command} from "commander";
import {chalk} from "zx";
import {runCommand} from "../pipelines/command.js";
import {openDuckDB} from "../pipelines/engines/duckdb.js";
import {compareTables} from "./bench/agreement.js";
import {everydayBench} from "./bench/everyday.js";
import {inTurn, measure} from "./bench/measure.js";
import {runsBench} from "./bench/runs.js";
import {scaleBench} from "./bench/scale.js";
import {smallBench} from "./bench/small.js";
import {smartMeterBench} from "./bench/smart_meter.js";
import {benchJson, benchText, summary} from "./bench/summary.js";
import {telemetryBench} from "./bench/telemetry.js";
import {inTemporaryFolder} from "./bench/temporary_folder.js";
import {writeEliqDays} from "./generate/eliq.js";
import {count} from "./generate/options.js";

interface Options {
  rows: number;
  pairs: number;
  json?: boolean;
}

const meterDays = 365;

await runCommand(
  new Command("bench")
    .description(
      "Measures the whole pipeline against a script by hand that writes the same tables without commits, in turn."
    )
    .option("--rows <count>", "how many daily rows: meters are made up for a year each", count, 1_000_000)
    .option("--pairs <count>", "how often to run both", count, 3)
    .option("--json", "print one JSON object")
    .allowExcessArguments(false)
    // Options after a benchmark's name are its own.
    .enablePositionalOptions()
    .addCommand(everydayBench())
    .addCommand(smartMeterBench())
    .addCommand(telemetryBench())
    .addCommand(scaleBench())
    .addCommand(smallBench())
    .addCommand(runsBench())
    .action((options: Options) => inTemporaryFolder((folder) => bench(folder, options)))
);

async function bench(folder: string, {rows: asked, pairs: times, json}: Options): Promise<void> {
  const landing = join(folder, "landing");
  const lake = join(folder, "lake");
  const byHand = join(folder, "handwritten");
  const say = (text: string) => json || console.error(chalk.dim(text));

  const {rows, bytes} = await generate(join(landing, "eliq"), asked);
  say(`${rows.toLocaleString("en")} daily rows, ${Math.round(bytes / 1e6)} MB; ${times} pairs`);
  const runPipeline = async () => {
    await rm(lake, {recursive: true, force: true});
    await rm(join(landing, "_arrivals.jsonl"), {force: true});
    return measure(folder, ["scripts/start.js", "run", "--lake", lake, "--landing", landing, "--quiet"]);
  };
  const runByHand = async () => {
    await rm(byHand, {recursive: true, force: true});
    return measure(folder, ["scripts/bench/handwritten.ts", "--landing", landing, "--to", byHand]);
  };

  const pairs = await inTurn(times, runPipeline, runByHand, say);
  const tables = await compareTables(lake, byHand);
  const result = summary(rows, pairs, tables, "daily rows");
  console.log(json ? benchJson(result) : benchText(result));
  if (result.differing.length > 0) process.exitCode = 1;
}

async function generate(to: string, rows: number): Promise<{rows: number; bytes: number}> {
  const database = await openDuckDB();
  try {
    const meters = Math.max(1, Math.round(rows / meterDays));
    return await writeEliqDays(database, {meters, days: meterDays, start: "2022-01-01", seed: 1, to});
  } finally {
    database.close();
  }
}
