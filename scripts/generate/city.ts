import {mkdir, writeFile} from "node:fs/promises";
import {availableParallelism} from "node:os";
import {dirname, join} from "node:path";
import {Command, Option} from "commander";
import {DateTime} from "luxon";
import {localDate} from "../../pipelines/command.js";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {intervalsOf} from "./city/calendar.js";
import {documentsOf, type Home, homeOf} from "./city/homes.js";
import {
  defineHomes,
  defineMonth,
  intervalReadings,
  lateReadings,
  makeParts,
  prepare,
  spanReadings,
  truth
} from "./city/readings.js";
import {realYear} from "./city/weather.js";
import {count, seed} from "./options.js";
import {writePrices} from "./prices.js";

/** What to make up: so many homes, from one local date to another, both included, and where the dice begin. */
export interface CityOptions {
  readonly homes: number;
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly format: "parquet" | "csv";
}

/** Where it goes: what lands, and beside it what nobody sends. */
export interface CityFolders {
  readonly landing: string;
  readonly truth: string;
}

/** What was written. */
export interface CityFigures {
  readonly readings: number;
  readonly documents: number;
  readonly prices: number;
  readonly weatherHours: number;
}

/** `generate city`: homes, their weather, prices and readings; and, kept aside, what the readings are made of. */
export function cityCommand(): Command {
  return new Command("city")
    .description(
      "homes with meters of every fuel, channel and resolution, their weather and prices; what they are made of, aside"
    )
    .option("--homes <count>", "how many homes", count, 10)
    .option("--from <date>", "the first local date", localDate, "2022-02-10")
    .option("--to <date>", "the last local date", localDate, "2022-04-10")
    .option("--seed <number>", "another seed, other values", seed, 1)
    .addOption(new Option("--format <format>", "of the readings").choices(["parquet", "csv"]).default("parquet"))
    .option("--landing <dir>", "the folder that holds the sources' folders", "lake/landing")
    .option("--truth <dir>", "the folder for what the readings are made of", "lake/truth")
    .allowExcessArguments(false)
    .action(async ({landing, truth, ...options}: CityOptions & CityFolders) => {
      const figures = await writeCity(options, {landing, truth});
      const told = Object.entries({
        readings: figures.readings,
        documents: figures.documents,
        prices: figures.prices,
        "hours of weather": figures.weatherHours
      }).map(([name, number]) => `${number.toLocaleString("en")} ${name}`);
      console.log(
        `${told.join(", ")} of ${options.homes.toLocaleString("en")} homes: ${landing}; their parts: ${truth}`
      );
    });
}

/** The homes of a file: whatever the size of the city, the same homes share one. */
const homesInFile = 250;

/**
 * Writes the files of a city. A home's rows are told by the seed and the home's number alone. Memory holds a file's worth of
 * homes and a month.
 *
 * @throws Error with `usage` as its cause when the last date is before the first.
 */
export async function writeCity(options: CityOptions, {landing, truth: aside}: CityFolders): Promise<CityFigures> {
  const {homes, from, to, seed, format} = options;
  if (to < from) throw new Error(`--to is before --from: ${to}; give the later date`, {cause: "usage"});
  const year = await realYear();
  const weatherHours = await year.write(join(landing, "weather"), dateBefore(from), to);
  const days = DateTime.fromISO(to).diff(DateTime.fromISO(from), "days").days + 1;
  // The market's day begins an hour after the city's.
  const prices = await writePrices(
    {zone: "LT", start: dateBefore(from), days: Math.round(days) + 1, seed},
    "csv",
    join(landing, "prices")
  );
  const documents = await writeDocuments(options, join(landing, "homes"));
  const months = [...monthsOf(from, to)];
  const batches = Array.from({length: Math.ceil(homes / homesInFile)}, (_, batch) => {
    const first = batch * homesInFile + 1;
    const last = Math.min(homes, first + homesInFile - 1);
    return Array.from({length: last - first + 1}, (_, place) => homeOf(first + place, seed, from, to));
  });
  let rows = 0;
  // Month by month, so that a worker makes a month's calendar once.
  const queue = months.flatMap((month) => batches.map((batch) => ({batch, month})));
  const workers = Array.from({length: Math.min(availableParallelism(), queue.length)}, async () => {
    const connection = await openDuckDB({threads: 1, memoryLimit: "600MB"});
    try {
      await prepare(connection);
      let defined: Month | undefined;
      for (let next = queue.shift(); next; next = queue.shift()) {
        const {batch, month} = next;
        if (defined !== month) await defineMonth(connection, intervalsOf(month.first, month.last, year));
        defined = month;
        const written = await writeMonth(connection, batch, month, format, {
          landing: join(landing, "intervals"),
          truth: aside
        });
        rows += written;
      }
    } finally {
      connection.close();
    }
  });
  await Promise.all(workers);
  return {readings: rows, documents, prices, weatherHours};
}

interface Month {
  /** `2022-03` */
  readonly month: string;
  readonly first: string;
  readonly last: string;
  readonly isWhole: boolean;
}

function* monthsOf(from: string, to: string): Generator<Month> {
  for (let month = DateTime.fromISO(from).startOf("month"); month.toISODate()! <= to; month = month.plus({months: 1})) {
    const [begins, ends] = [month.toISODate()!, month.endOf("month").toISODate()!];
    const [first, last] = [begins < from ? from : begins, ends > to ? to : ends];
    yield {month: begins.slice(0, 7), first, last, isWhole: first === begins && last === ends};
  }
}

/** Writes what some homes send of a month, and says how many rows that is: intervals, days and months, and what comes late. */
async function writeMonth(
  connection: Connection,
  homes: readonly Home[],
  {month, isWhole}: Month,
  format: CityOptions["format"],
  folders: CityFolders
): Promise<number> {
  await defineHomes(connection, homes);
  await makeParts(connection);
  const names = [homes[0]!, homes.at(-1)!].map(({home}) => String(home).padStart(5, "0")).join("-");
  const [end, how] = format === "parquet" ? ["parquet", parquet] : ["csv.gz", "FORMAT csv, HEADER, COMPRESSION gzip"];
  let rows = 0;
  for (const [name, select] of [
    ["intervals", intervalReadings],
    ["days", spanReadings({isWholeMonth: isWhole})],
    ["late", lateReadings]
  ] as const) {
    const copied = await copy(connection, select, join(folders.landing, month, `homes-${names}_${name}.${end}`), how);
    rows += copied;
  }
  await copy(connection, truth, join(folders.truth, month, `homes-${names}.parquet`), parquet);
  return rows;
}

const parquet = "FORMAT parquet, COMPRESSION zstd";

async function copy(connection: Connection, select: string, file: string, how: string): Promise<number> {
  await mkdir(dirname(file), {recursive: true});
  const [copied] = await connection.rows<{Count: bigint}>(`COPY (${select}) TO ${literal(file)} (${how})`);
  return Number(copied!.Count);
}

/** Writes the homes' documents, a line each: those that hold from the start, and those of what changes. */
async function writeDocuments({homes, seed, from, to}: CityOptions, folder: string): Promise<number> {
  const first: string[] = [];
  const later: string[] = [];
  for (let home = 1; home <= homes; home++) {
    const [profile, ...changes] = documentsOf(homeOf(home, seed, from, to), seed).map((document) =>
      JSON.stringify(document)
    );
    first.push(`${profile}\n`);
    later.push(...changes.map((change) => `${change}\n`));
  }
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, "profiles.jsonl"), first.join(""));
  if (later.length > 0) await writeFile(join(folder, "profiles_changed.jsonl"), later.join(""));
  return first.length + later.length;
}

function dateBefore(date: string): string {
  return DateTime.fromISO(date).minus({days: 1}).toISODate()!;
}
