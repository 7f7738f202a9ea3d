import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {Command} from "commander";
import {DateTime} from "luxon";
import {dice} from "./dice.js";
import {count, seed} from "./options.js";

/** How long a log to make up, of how large a utility, and where the dice begin. */
export interface InterruptionOptions {
  /** The first year, `2017`. */
  readonly start: number;
  readonly years: number;
  /** How many customers the utility serves in the first year; half a percent more in each after. */
  readonly customers: number;
  readonly seed: number;
}

/** A row of the log, its times ISO 8601 with their offset. */
export interface Interruption {
  readonly utility_id: string;
  readonly interruption_id: string;
  readonly circuit_id: string;
  readonly cause: string;
  readonly started_at: string;
  readonly restored_at: string;
  readonly customers_interrupted: number;
  readonly customers_served: number;
}

/** What to make up, and where to put it. */
interface Options extends InterruptionOptions {
  /** The source's folder. */
  readonly to: string;
}

/** `generate interruptions`: the log of one utility, a file a year. */
export function interruptionsCommand(): Command {
  return new Command("interruptions")
    .description("a utility's log of interruptions as CSV, a file a year, with days of storm")
    .option("--start <year>", "the first year", count, 2017)
    .option("--years <count>", "how many years", count, 6)
    .option("--customers <count>", "how many customers the utility serves at first", count, 120_000)
    .option("--seed <number>", "another seed, other values", seed, 1)
    .option("--to <dir>", "the folder for the files", "lake/landing/interruptions")
    .allowExcessArguments(false)
    .action(async ({to, ...options}: Options) => {
      const rows = await writeInterruptions(options, to);
      console.log(`${rows.toLocaleString("en")} interruptions in ${options.years} files: ${to}`);
    });
}

/** Writes a file for each year, and says how many interruptions are in them. */
export async function writeInterruptions(options: InterruptionOptions, to: string): Promise<number> {
  await mkdir(to, {recursive: true});
  let rows = 0;
  for (let year = options.start; year < options.start + options.years; year++) {
    const log = [...interruptionsOf(year, options)];
    rows += log.length;
    const lines = log.map((row) => `${Object.values(row).join(",")}\n`);
    await writeFile(join(to, `${year}.csv`), `${Object.keys(log[0]!).join(",")}\n${lines.join("")}`);
  }
  return rows;
}

const zone = "America/Chicago";
const causes = ["equipment failure", "vegetation", "animal", "vehicle", "unknown"];

/**
 * A utility's interruptions of a year, in the order of their days. A usual day has none to three of a street or a
 * circuit; on about five days a year a storm brings dozens, larger and longer. All of it is sums, products and
 * quotients, which every machine rounds alike.
 */
export function* interruptionsOf(year: number, {start, customers, seed}: InterruptionOptions): Generator<Interruption> {
  const served = Math.floor(customers * (1 + 0.005 * (year - start)));
  const first = DateTime.fromObject({year}, {zone});
  for (let day = 0; day < first.daysInYear; day++) {
    const chance = (...what: number[]) => dice(seed, year, day, ...what) / 2 ** 32;
    const isStorm = chance(1) < 5 / 365;
    const number = isStorm ? 20 + Math.floor(40 * chance(2)) : Math.floor(3.2 * chance(3) * chance(4) + 0.35);
    for (let place = 0; place < number; place++) {
      const roll = (what: number) => chance(10 + place, what);
      const startedAt = first.plus({days: day}).plus({minutes: Math.floor(1380 * roll(1))});
      // Products of dice are spread about as durations and sizes are: most small, few very large.
      const minutes = isStorm
        ? 60 + Math.floor(1200 * roll(2) * roll(3))
        : 1 + Math.floor(420 * roll(2) * roll(3) * roll(4) + 60 * roll(5) * roll(6));
      const share = isStorm ? 0.012 * roll(7) : 0.03 * roll(7) * roll(8) * roll(9) * roll(9);
      yield {
        utility_id: "1",
        interruption_id: `${year}-${String(day + 1).padStart(3, "0")}-${String(place + 1).padStart(2, "0")}`,
        circuit_id: `c${String(1 + Math.floor(60 * roll(11))).padStart(2, "0")}`,
        cause: isStorm ? "storm" : causes[Math.floor(causes.length * roll(12))]!,
        started_at: iso(startedAt),
        restored_at: iso(startedAt.plus({minutes})),
        customers_interrupted: 1 + Math.floor(served * share),
        customers_served: served
      };
    }
  }
}

function iso(at: DateTime): string {
  return at.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}
