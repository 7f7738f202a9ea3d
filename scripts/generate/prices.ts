import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {Command, Option} from "commander";
import {DateTime} from "luxon";
import {localDate} from "../../pipelines/command.js";
import {dice} from "./dice.js";
import {count, seed} from "./options.js";

/** Which days of a bidding zone to make up, and where the dice begin. */
export interface PriceOptions {
  /** By its energy identification code, `10YLT-1001A0008Q`, or its name. */
  readonly zone: string;
  /** The first day of the market, `2025-09-26`. */
  readonly start: string;
  readonly days: number;
  readonly seed: number;
}

/** A day of the market: its start and end in UTC, and a price for each of its intervals. */
export interface PriceDay {
  readonly start: string;
  readonly end: string;
  readonly minutes: 15 | 60;
  /** EUR/MWh, of two decimals. */
  readonly prices: readonly number[];
}

/** What to make up, and where to put it. */
interface Options extends PriceOptions {
  readonly format: "xml" | "csv";
  /** The source's folder. */
  readonly to: string;
}

/** `generate prices`: day-ahead prices of a bidding zone, as documents of ENTSO-E's or a plain list. */
export function pricesCommand(): Command {
  return new Command("prices")
    .description("day-ahead prices of a bidding zone, of hours to 2025-09-30 and of quarters since, some below zero")
    .option("--zone <code>", "its energy identification code, or the name for a list", "10YLT-1001A0008Q")
    .option("--start <date>", "the first day of the market", localDate, "2025-09-26")
    .option("--days <count>", "how many days", count, 32)
    .addOption(
      new Option("--format <format>", "ENTSO-E's XML, a document a day, or a list")
        .choices(["xml", "csv"])
        .default("xml")
    )
    .option("--seed <number>", "another seed, other prices", seed, 1)
    .option("--to <dir>", "the folder for the files", "lake/landing/prices")
    .allowExcessArguments(false)
    .action(async ({to, format, ...options}: Options) => {
      const prices = await writePrices(options, format, to);
      console.log(`${prices.toLocaleString("en")} prices of ${options.days} days: ${to}`);
    });
}

/** Writes the files, and says how many prices are in them, those left out by their curve included. */
export async function writePrices(options: PriceOptions, format: "xml" | "csv", to: string): Promise<number> {
  await mkdir(to, {recursive: true});
  const days = [...priceDays(options)];
  if (format === "csv") await writeFile(join(to, `${options.zone}_${options.start}.csv`), listOf(options.zone, days));
  else
    for (const day of days) {
      const date = DateTime.fromISO(day.start, {zone: market}).toISODate();
      await writeFile(join(to, `${options.zone}_${date}.xml`), documentOf(options.zone, day));
    }
  return days.reduce((total, {prices}) => total + prices.length, 0);
}

const market = "Europe/Brussels";
const firstOfQuarters = "2025-10-01";

/**
 * The days of a zone. A price falls at night and at noon, where on every third day the sun brings it below zero, and
 * rises in the morning and the evening; some quarters cost the same as the one before.
 */
export function* priceDays({zone, start, days, seed}: PriceOptions): Generator<PriceDay> {
  const name = [...zone].reduce((hash, letter) => dice(hash, letter.charCodeAt(0)), seed);
  for (let day = 0; day < days; day++) {
    const first = DateTime.fromISO(start, {zone: market}).plus({days: day});
    const last = first.plus({days: 1});
    const minutes = first.toISODate()! >= firstOfQuarters ? 15 : 60;
    const length = last.diff(first, "minutes").minutes / minutes;
    const chance = (...what: number[]) => dice(name, first.toMillis() / 60_000, ...what) / 2 ** 32;
    const level = 50 + 60 * chance(1);
    const sun = chance(2) < 1 / 3 ? 1.2 : 0.5 * chance(3);
    const prices: number[] = [];
    for (let place = 0; place < length; place++) {
      const hour = first.plus({minutes: place * minutes});
      const clock = hour.hour + hour.minute / 60;
      const shape = 0.6 + hump(clock, 8, 3) * 0.6 + hump(clock, 19, 3.5) * 0.9 - hump(clock, 13, 3) * sun;
      const same = place > 0 && chance(4, place) < 0.1;
      prices.push(same ? prices[place - 1]! : Math.round(100 * (level * shape + 6 * chance(5, place) - 3)) / 100);
    }
    yield {start: utc(first), end: utc(last), minutes, prices};
  }
}

/** A parabola that is 1 at an hour of the day and 0 so many hours off. */
function hump(clock: number, at: number, width: number): number {
  return Math.max(0, 1 - ((clock - at) / width) ** 2);
}

function utc(at: DateTime): string {
  return at.toUTC().toFormat("yyyy-MM-dd'T'HH:mm'Z'");
}

/** A document as the platform answers it, of curve type A03: a price that is that of the point before is left out. */
export function documentOf(zone: string, {start, end, minutes, prices}: PriceDay): string {
  const points = prices
    .map((price, index) => ({price, position: index + 1}))
    .filter(({price}, index) => price !== prices[index - 1])
    .map(
      ({price, position}) => `<Point><position>${position}</position><price.amount>${price}</price.amount></Point>\n`
    );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">
<mRID>${zone}-${start}</mRID>
<revisionNumber>1</revisionNumber>
<type>A44</type>
<createdDateTime>${start.slice(0, 10)}T11:00:00Z</createdDateTime>
<period.timeInterval><start>${start}</start><end>${end}</end></period.timeInterval>
<TimeSeries>
<mRID>1</mRID>
<auction.type>A01</auction.type>
<businessType>A62</businessType>
<in_Domain.mRID codingScheme="A01">${zone}</in_Domain.mRID>
<out_Domain.mRID codingScheme="A01">${zone}</out_Domain.mRID>
<contract_MarketAgreement.type>A01</contract_MarketAgreement.type>
<currency_Unit.name>EUR</currency_Unit.name>
<price_Measure_Unit.name>MWH</price_Measure_Unit.name>
<curveType>A03</curveType>
<Period>
<timeInterval><start>${start}</start><end>${end}</end></timeInterval>
<resolution>PT${minutes}M</resolution>
${points.join("")}</Period>
</TimeSeries>
</Publication_MarketDocument>
`;
}

function listOf(zone: string, days: readonly PriceDay[]): string {
  const lines = days.flatMap(({start, minutes, prices}) =>
    prices.map(
      (price, place) => `${zone},${utc(DateTime.fromISO(start).plus({minutes: place * minutes}))},${minutes},${price}\n`
    )
  );
  return `bidding_zone,interval_start,interval_minutes,price_eur_mwh\n${lines.join("")}`;
}
