import {join} from "node:path";
import {Command, InvalidArgumentError} from "commander";
import {type Collected, collect} from "./collect/collection.js";
import type {Feed} from "./collect/feed.js";
import {points, zones} from "./collect/places.js";
import {entsoeAddress, priceFeed} from "./collect/prices.js";
import {openService} from "./collect/service.js";
import {openMeteoAddress, weatherFeed} from "./collect/weather.js";
import {exitCodes, isStarted, localDate, runCommand, wholeNumber} from "./command.js";
import {openDuckDB} from "./engines/duckdb.js";
import {openProject} from "./models/project.js";
import {collectedText, collectionText} from "./observe/delivery_report.js";
import {complain, dim, say, yellow} from "./observe/terminal.js";
import {sourcesOf} from "./sources/lake_sources.js";

interface Options {
  from: string;
  to: string;
  lake: string;
  landing?: string;
  perMinute: number;
  timeout: number;
  tryTimeout: number;
  maxSize: number;
  tries: number;
  url?: string;
  json?: boolean;
}

export const command = new Command("collect").description(
  "Asks services for days that haven't landed yet, and lands their answers as they came."
);

collecting("weather", "Hourly weather of points from Open-Meteo's archive, a month a request.")
  .option("--point <lat,lon...>", "these points (default: those of pipelines/collect/places.ts)", point)
  .action((options: Options & {point?: ReturnType<typeof point>}) => {
    const url = options.url ?? process.env.OPEN_METEO_URL ?? openMeteoAddress;
    return run(weatherFeed(options.point ?? points, addressOf(url)), options);
  });

collecting("prices", "Day-ahead prices of bidding zones from ENTSO-E, a day a request. ENTSOE_TOKEN holds the token.")
  .option("--zone <eic...>", "these bidding zones (default: those of pipelines/collect/places.ts)")
  .action((options: Options & {zone?: string[]}) => {
    const token = process.env.ENTSOE_TOKEN?.trim();
    if (!token)
      throw new Error("no token: ENTSOE_TOKEN is not set; ENTSO-E gives one to registered users", {cause: "usage"});
    const url = options.url ?? process.env.ENTSOE_URL ?? entsoeAddress;
    return run(priceFeed(options.zone?.map((eic) => ({eic})) ?? zones, token, addressOf(url)), options);
  });

if (isStarted(import.meta.url)) await runCommand(command);

function collecting(name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .requiredOption("--from <date>", "the first day", localDate)
    .requiredOption("--to <date>", "the last day, inclusive", localDate)
    .option("--lake <dir>", "the lake's folder", "lake")
    .option("--landing <dir>", "where the raw files lie (default: LAKE/landing)")
    .option("--url <address>", "another address of the service")
    .option("--per-minute <count>", "no more requests than this in a minute", atLeastOne, 60)
    .option(
      "--timeout <seconds>",
      "how long a request may take in all: its tries, the pauses between, its answer",
      atLeastOne,
      900
    )
    .option("--try-timeout <seconds>", "how long one try may take", atLeastOne, 60)
    .option("--tries <count>", "how often a request is tried", atLeastOne, 5)
    .option("--max-size <MB>", "how large an answer may be, unpacked", atLeastOne, 64)
    .option("--json", "print one JSON object a request")
    .allowExcessArguments(false);
}

async function run(feed: Feed, options: Options): Promise<void> {
  const {from, to, lake, landing = join(lake, "landing"), json} = options;
  if (from > to) throw new Error(`--from ${from} is after --to ${to}`, {cause: "usage"});
  const source = (await sourcesOf(lake)).find(({name}) => name === feed.source);
  if (!source)
    throw new Error(
      `source not found: ${feed.source}; neither pipelines/sources/sources.ts nor the lake's sources.json has one of that name`
    );
  const ask = openService({
    perMinute: options.perMinute,
    timeoutMilliseconds: options.timeout * 1000,
    tryMilliseconds: options.tryTimeout * 1000,
    tries: options.tries,
    mostBytes: options.maxSize * 1_000_000,
    secrets: feed.secrets,
    onPause: (reason, milliseconds) => {
      if (!json) complain(dim(`${reason}; trying again in ${(milliseconds / 1000).toFixed(1)} s`));
    }
  });
  const all: Collected[] = [];
  const database = await openDuckDB();
  try {
    const {models} = await openProject(database);
    const dock = {landing, database, models: new Map(models.map((model) => [model.name, model]))};
    for await (const collected of collect(feed, {from, to}, dock, source, ask)) {
      all.push(collected);
      const isGood = collected.outcome === "landed" || collected.outcome === "known";
      if (json) say(JSON.stringify(collected));
      else if (isGood) say(collectedText(collected));
      else complain(yellow(collectedText(collected)));
    }
  } finally {
    database.close();
  }
  if (!json) say(collectionText(all));
  if (all.some(({outcome}) => ["rejected", "failed", "not asked"].includes(outcome)))
    process.exitCode = exitCodes.failed;
}

/** @throws Error for what is no address of HTTP, and for one with a password; neither that nor a parameter is printed. */
function addressOf(text: string): string {
  const usage = {cause: "usage"};
  const address = parsed(text);
  if (address?.username || address?.password)
    throw new Error(
      `address with a user or a password: ${address.host}; give it without, no service here takes them`,
      usage
    );
  if (address && /^https?:$/.test(address.protocol)) return text;
  throw new Error(`not an address: ${text.replace(/[?].*|.*@/gs, "")}; write it as ${openMeteoAddress}`, usage);
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Takes a whole number of one or more as an option's value. */
function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError("it is at least 1");
  return number;
}

function point(
  text: string,
  before: readonly {latitude: number; longitude: number}[] = []
): readonly {latitude: number; longitude: number}[] {
  const [latitude = Number.NaN, longitude = Number.NaN, ...more] = text
    .split(",")
    .map((part) => (/^\s*-?\d+([.]\d+)?\s*$/.test(part) ? Number(part) : Number.NaN));
  if (more.length > 0 || !(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180))
    throw new InvalidArgumentError(`not a point: ${text}; write it as 54.6872,25.2797`);
  return [...before, {latitude, longitude}];
}
