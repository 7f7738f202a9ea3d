import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {Command} from "commander";
import {localDate} from "../../pipelines/command.js";
import {count, rate, seed} from "./options.js";
import {makeDevices, makeFiles, type Rates, type TelemetryOptions} from "./telemetry/devices.js";

/** What to make up, and where to put it. */
interface Options extends Omit<TelemetryOptions, "rates"> {
  readonly faultRate: number;
  readonly duplicateRate: number;
  readonly outOfRangeRate: number;
  readonly brokenRate: number;
  /** The source's folder. */
  readonly to: string;
}

/** `generate telemetry`: records of ten devices on five sites, as lines of JSON, and the list of the devices. */
export function telemetryCommand(): Command {
  return new Command("telemetry")
    .description("records of ten devices on five sites as JSON lines, with faults, duplicates and what can't be right")
    .option("--start <date>", "the first UTC date", localDate, "2025-08-01")
    .option("--days <count>", "how many days", count, 1)
    .option("--rows-per-device <count>", "how many records a device sends in a day", count, 1440)
    .option("--fault-rate <share>", "records whose status is FAULT", rate, 0.01)
    .option("--duplicate-rate <share>", "records that come twice", rate, 0.005)
    .option("--out-of-range-rate <share>", "of power, charge and temperature each", rate, 0.005)
    .option("--broken-rate <share>", "lines that are no records", rate, 0)
    .option("--seed <number>", "another seed, other values", seed, 1)
    .option("--to <dir>", "the folder for the files", "lake/landing/telemetry")
    .allowExcessArguments(false)
    .action(async ({to, faultRate, duplicateRate, outOfRangeRate, brokenRate, ...options}: Options) => {
      const rates = {faults: faultRate, duplicates: duplicateRate, outOfRange: outOfRangeRate, broken: brokenRate};
      const {files, lines} = await writeTelemetry({...options, rates}, to);
      console.log(`${lines.toLocaleString("en")} lines in ${files} files: ${to}; ${ratesText(rates)}`);
    });
}

/** Writes the files as devices would send them, and `devices.csv`. */
export async function writeTelemetry(options: TelemetryOptions, to: string): Promise<{files: number; lines: number}> {
  let [files, lines] = [0, 0];
  for (const file of makeFiles(options)) {
    const path = join(to, file.path);
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, file.lines.map((line) => `${line}\n`).join(""));
    files++;
    lines += file.lines.length;
  }
  const rows = makeDevices(options.seed).map((device) => `${Object.values(device).join(",")}\n`);
  await writeFile(join(to, "devices.csv"), `device_id,site_id,device_type,capacity_kwh\n${rows.join("")}`);
  return {files, lines};
}

function ratesText({faults, duplicates, outOfRange, broken}: Rates): string {
  const percent = (share: number) => `${Number((share * 100).toFixed(4))} %`;
  return [
    `${percent(faults)} faults`,
    `${percent(duplicates)} duplicates`,
    `${percent(outOfRange)} out of range in each of power, charge and temperature`,
    `${percent(broken)} broken lines`
  ].join(", ");
}
