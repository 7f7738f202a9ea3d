import {DateTime} from "luxon";
import {dice} from "../dice.js";

/** How much to make up, and where the dice begin. */
export interface SupplyOptions {
  readonly meters: number;
  readonly days: number;
  /** The first local day, `2021-01-01`. */
  readonly start: string;
  readonly seed: number;
  /** Whether the days around both changes of the clock in the first day's year come as well. */
  readonly dst: boolean;
  /** Whether all meter points are ordinary ones, and no file tells what another has told. */
  readonly plain?: boolean;
}

/** One reading: the start of its half hour as `2021-01-01 00:30:00` in UTC, kWh, and the meter point. */
export type Row = readonly [intervalStart: string, consumptionDelta: number | null, meterpointId: string];

/** A file of readings, by its path in the source's folder. */
export interface ReadingFile {
  readonly path: string;
  readonly rows: readonly Row[];
}

export interface Agreement {
  readonly agreement_id: number;
  readonly agreement_valid_from: string;
  readonly agreement_valid_to: string | null;
  readonly product_id: string;
  readonly meterpoint_id: string;
  readonly account_id: string;
}

export interface Product {
  readonly display_name: string;
  readonly is_variable: 0 | 1;
  readonly id: number;
  readonly product_id: string;
}

export interface Meterpoint {
  readonly region: string;
  readonly meterpoint_id: string;
}

/** What the supplier's database holds at one time, by the path of its file. */
export interface Snapshot {
  readonly path: string;
  readonly agreements: readonly Agreement[];
  readonly products: readonly Product[];
  readonly meterpoints: readonly Meterpoint[];
}

/** A supplier as made up: its readings, made again for whoever asks, and what its database said, oldest first. */
export interface Supply {
  files(): Generator<ReadingFile>;
  readonly snapshots: readonly Snapshot[];
}

/** The zone whose days the readings are of. */
export const zone = "Europe/London";

const products: readonly Product[] = [
  {display_name: "Fixed 12M", is_variable: 0, id: 1, product_id: "FIX-12M-20"},
  // The same name again: a product is its name, whatever its ids.
  {display_name: "Fixed 12M", is_variable: 0, id: 2, product_id: "FIX-12M-21"},
  {display_name: "Flexible", is_variable: 1, id: 3, product_id: "VAR-20"},
  {display_name: "Agile", is_variable: 1, id: 4, product_id: "AGILE-18"}
];
const regions = ["London", "North Wales", "Southern", "Yorkshire"];

/**
 * Makes up a supplier: meter points with half-hourly readings, and the agreements under which they are supplied. Every
 * tenth meter point is an ordinary one, and the nine after it are each odd in a way of their own, which is their kind.
 */
export function makeSupply(options: SupplyOptions): Supply {
  const {meters, start, days, seed, plain = false} = options;
  const kindOf = (meter: number) => (plain ? 0 : meter % 10);
  const ids = [...new Set(Array.from({length: meters}, (_, meter) => idOf(seed, meter)))];
  const starts = halfHours(options);
  const end = plusDays(start, days);
  const middle = plusDays(start, Math.floor(days / 2));
  const agreements = ids.flatMap((id, meter) =>
    agreementsOf({id, meter, kind: kindOf(meter), start, middle, end, seed})
  );
  const numbered = agreements.map((agreement, index) => ({agreement_id: 1001 + index, ...agreement}));
  // No tenth meter point's region is known: those agreements are listed.
  const meterpoints = ids
    .map((id, meter) => ({region: regions[dice(seed, meter, 1) % regions.length]!, meterpoint_id: id}))
    .filter((_, meter) => kindOf(meter) !== 9);
  return {
    *files() {
      for (const [meter, id] of ids.entries()) yield* filesOf({id, meter, kind: kindOf(meter), seed}, starts);
    },
    snapshots: [
      // In the older one every first agreement goes on for ever, and the last meter points aren't there yet.
      {
        path: `supply-${plusDays(start, -30)}.db`,
        agreements: numbered
          .filter(({agreement_valid_from}) => agreement_valid_from < start)
          .map((agreement) => ({...agreement, agreement_valid_to: null})),
        products: products.slice(0, 3),
        meterpoints: meterpoints.slice(0, Math.ceil(meterpoints.length / 2))
      },
      {path: `supply-${end}.db`, agreements: numbered, products, meterpoints}
    ]
  };
}

interface MeterOfSupply {
  readonly id: string;
  readonly meter: number;
  /** How it is odd; 0 for an ordinary one. */
  readonly kind: number;
  readonly seed: number;
}

interface Period {
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

/** The agreements of a meter point of each kind. */
function agreementsOf({
  id,
  meter,
  kind,
  start,
  middle,
  end,
  seed
}: MeterOfSupply & Period): Omit<Agreement, "agreement_id">[] {
  const before = plusDays(start, -100 - (dice(seed, meter, 2) % 300));
  const product = products[dice(seed, meter, 3) % products.length]!.product_id;
  const other = products[(dice(seed, meter, 3) + 2) % products.length]!.product_id;
  const supplied = (from: string, to: string | null, product_id: string) => ({
    agreement_valid_from: from,
    agreement_valid_to: to,
    product_id,
    meterpoint_id: id,
    account_id: `A-${(dice(seed, meter, 4) >>> 8).toString(16).toUpperCase()}`
  });
  const oddities: Readonly<Record<number, ReturnType<typeof supplied>[]>> = {
    // A switch of product in mid-period.
    1: [supplied(before, middle, product), supplied(middle, null, other)],
    // An agreement of no length, beside the one that applies.
    2: [supplied(middle, middle, other), supplied(before, null, product)],
    // Two that overlap for three days, after which the older one holds again.
    3: [supplied(before, null, product), supplied(middle, plusDays(middle, 3), other)],
    // A gap of two days in the cover.
    4: [supplied(before, middle, product), supplied(plusDays(middle, 2), end, product)],
    // No agreement at all.
    5: [],
    // A product that isn't in the database.
    6: [supplied(before, null, "GONE-17")],
    // The same name under both its ids, one after the other.
    7: [supplied(before, middle, "FIX-12M-20"), supplied(middle, null, "FIX-12M-21")],
    // One that starts when the period is over.
    8: [supplied(before, middle, product), supplied(end, null, other)]
  };
  return oddities[kind] ?? [supplied(before, null, product)];
}

/** A meter point's file, and of some a second one with corrections. */
function* filesOf({id, meter, kind, seed}: MeterOfSupply, starts: readonly string[]): Generator<ReadingFile> {
  const size = 0.4 + (dice(seed, meter, 5) % 1000) / 700;
  const rows: Row[] = starts.map((text, index) => [text, load(text, size, dice(seed, meter, index + 100)), id]);
  const at = (index: number) => rows[index % rows.length]!;
  const raised = ([text, value]: Row): Row => [text, Math.round((value ?? 0) * 1000 + 250) / 1000, id];
  switch (kind) {
    case 2:
      // Half hours that aren't there, and one without a value.
      rows.splice(7, 3);
      rows[20 % rows.length] = [at(20)[0], null, id];
      break;
    case 3:
      // Twice in the file, alike: one of the two counts.
      rows.splice(30, 0, at(12), at(29));
      break;
    case 4:
      // Twice in the file, differently: neither counts.
      rows.push(raised(at(5)));
      break;
  }
  yield {path: `readings/${id}.json`, rows};
  // Sent once more: four half hours corrected, and two as they were.
  if (kind === 1) {
    const again = [at(10), at(11), raised(at(12)), raised(at(13)), raised(at(14)), raised(at(60))];
    yield {path: `readings/${id}.resent.json`, rows: again};
  }
}

/** A household's half hour, in kWh with three decimals: standby, a morning and an evening peak, and chance. */
function load(text: string, size: number, chance: number): number {
  const hour = Number(text.slice(11, 13)) + Number(text.slice(14, 16)) / 60;
  const watts = 140 + 320 * Math.exp(-(((hour - 7.5) / 1.4) ** 2)) + 560 * Math.exp(-(((hour - 18.5) / 2.3) ** 2));
  return Math.round((watts * size * (600 + (chance % 800))) / 2000) / 1000;
}

/** The UTC starts of the half hours of the days asked for, in order, each as its text. */
function halfHours({start, days, dst}: SupplyOptions): string[] {
  const dates = new Set(Array.from({length: days}, (_, day) => plusDays(start, day)));
  if (dst)
    for (const day of clockChanges(Number(start.slice(0, 4))))
      for (const by of [-1, 0, 1]) dates.add(plusDays(day, by));
  return [...dates].sort().flatMap((date) => {
    const from = DateTime.fromISO(date, {zone}).toMillis();
    const to = DateTime.fromISO(plusDays(date, 1), {zone}).toMillis();
    const length = (to - from) / 1_800_000;
    return Array.from({length}, (_, index) => textOf(from + index * 1_800_000));
  });
}

function clockChanges(year: number): string[] {
  const days = Array.from({length: 365}, (_, day) => plusDays(`${year}-01-01`, day));
  const offset = (date: string) => DateTime.fromISO(date, {zone}).offset;
  return days.filter((date) => offset(date) !== offset(plusDays(date, 1)));
}

function textOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace("T", " ");
}

function plusDays(date: string, count: number): string {
  return new Date(Date.parse(date) + count * 86_400_000).toISOString().slice(0, 10);
}

function idOf(seed: number, meter: number): string {
  const digits = [dice(seed, meter, 6), dice(seed, meter, 7)].map((number) => number.toString(16).padStart(8, "0"));
  return digits.join("").slice(0, 10);
}
