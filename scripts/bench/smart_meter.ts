import {rm} from "node:fs/promises";
import {join} from "node:path";
import {Command} from "commander";
import {chalk} from "zx";
import {count} from "../generate/options.js";
import {makeSupply} from "../generate/smart_meter/supply.js";
import {writeSupply} from "../generate/smart_meter.js";
import {compareTables} from "./agreement.js";
import {inTurn, measure} from "./measure.js";
import {benchJson, benchText, summary} from "./summary.js";
import {inTemporaryFolder} from "./temporary_folder.js";

interface Options {
  files: number;
  days: number;
  pairs: number;
  json?: boolean;
}

/** The Gold tables that both write. */
const tables = [
  "gold.active_agreements",
  "gold.avg_half_hour_by_product",
  "gold.consumption_per_product_per_day",
  "gold.total_consumption_half_hour"
];

/** `bench smart-meter`: half-hourly readings from JSON into Gold, against a bare read_json and an aggregate a table. */
export function smartMeterBench(): Command {
  return new Command("smart-meter")
    .description("half-hourly readings from JSON into Gold, against a bare read_json and an aggregate for each table")
    .option("--files <count>", "how many files, a meter point each", count, 2000)
    .option("--days <count>", "how many days of 48 half hours in each", count, 30)
    .option("--pairs <count>", "how often to run both", count, 3)
    .option("--json", "print one JSON object")
    .allowExcessArguments(false)
    .action((options: Options) => inTemporaryFolder((folder) => bench(folder, options)));
}

async function bench(folder: string, {files, days, pairs: times, json}: Options): Promise<void> {
  const landing = join(folder, "landing");
  const lake = join(folder, "lake");
  const byHand = join(folder, "bare");
  const say = (text: string) => json || console.error(chalk.dim(text));

  const supply = makeSupply({meters: files, days, start: "2021-01-01", seed: 1, dst: false, plain: true});
  const {rows} = await writeSupply(supply, join(landing, "smart-meter"));
  say(`${rows.toLocaleString("en")} half hours in ${files.toLocaleString("en")} files; ${times} pairs`);
  const runPipeline = async () => {
    await rm(lake, {recursive: true, force: true});
    await rm(join(landing, "_arrivals.jsonl"), {force: true});
    return measure(folder, ["scripts/start.js", "run", "--lake", lake, "--landing", landing, "--quiet"]);
  };
  const runByHand = async () => {
    await rm(byHand, {recursive: true, force: true});
    return measure(folder, ["scripts/bench/smart_meter_bare.ts", "--landing", landing, "--to", byHand]);
  };
  const pairs = await inTurn(times, runPipeline, runByHand, say);
  const result = summary(rows, pairs, await compareTables(lake, byHand, tables), "half hours");
  console.log(json ? benchJson(result) : benchText(result));
  if (result.differing.length > 0) process.exitCode = 1;
}
