import {DateTime} from "luxon";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

/** What the tables of homes must say of what landed, each row as its values with a space between. */
export interface Expected {
  readonly hours: string[];
  readonly days: string[];
  readonly months: string[];
}

interface Row {
  readonly location: string;
  readonly meter: string;
  readonly fuel: string;
  readonly channel: string;
  /** Milliseconds since 1970; of a day or a month none. */
  readonly start?: number;
  readonly minutes: number;
  /** The local date or month that it is named by. */
  readonly name?: string;
  readonly microKwh: bigint;
}

const million = 1_000_000n;

/** Works out the tables by plain loops over the files that landed: luxon is the calendar, whole numbers are the sums. */
export async function expectedOf(landing: string): Promise<Expected> {
  const duckdb = await openDuckDB();
  const read = async (select: string) => duckdb.rows<Record<string, string | null>>(select);
  const options = "all_varchar = true, union_by_name = true, filename = true";
  const raw = [
    ...(await read(
      `SELECT * FROM read_parquet('${landing}/intervals/*/*.parquet', union_by_name = true, filename = true)`
    )),
    ...(await read(`SELECT * FROM read_csv('${landing}/intervals/*.csv', ${options}) ORDER BY filename`))
  ];
  const prices = await read(`SELECT * FROM read_csv('${landing}/prices/*.csv', ${options}) ORDER BY filename`);
  const weather = await read(`SELECT * FROM read_csv('${landing}/weather/*.csv.gz', ${options})`);
  const documents = await read(
    `SELECT location_id, time_zone, CAST(solar_kwp AS VARCHAR) AS solar, CAST(latitude AS VARCHAR) AS latitude, bidding_zone
     FROM read_json('${landing}/homes/*.jsonl', union_by_name = true)`
  );
  duckdb.close();

  const homes = new Map(documents.map((home) => [home.location_id!, home]));
  const priceAt = new Map<string, bigint>();
  for (const {bidding_zone, interval_start, interval_minutes, price_eur_mwh} of prices)
    for (let minute = 0; minute < Number(interval_minutes); minute += 15)
      priceAt.set(`${bidding_zone} ${Date.parse(interval_start!) / 60_000 + minute}`, micro(price_eur_mwh!));
  const temperatureAt = new Map(
    weather
      .filter(({air_temperature}) => air_temperature)
      .map((row) => [Date.parse(`${row.obs_time_utc}Z`) / 60_000, micro(row.air_temperature!)])
  );
  const rows = new Map(raw.map((row) => [`${row.meter_id} ${row.channel} ${row.start}`, rowOf(row)]));

  const zoneOf = (location: string) => homes.get(location)!.time_zone!;
  const temperature = (location: string, minute: number) =>
    location.startsWith("home-") ? temperatureAt.get(Math.floor(minute / 60) * 60) : undefined;
  const hours = new Map<string, Hour>();
  const days = new Map<string, Set<string>>();
  for (const row of rows.values()) {
    if (row.start === undefined) continue;
    const middle = row.start / 60_000 + Math.floor(row.minutes / 30) * 15;
    const day = DateTime.fromMillis(middle * 60_000, {zone: zoneOf(row.location)}).startOf("day");
    const key = `${row.location} ${day.toISODate()}`;
    days.set(key, (days.get(key) ?? new Set()).add(`${row.meter} ${row.channel} ${row.fuel}`));
  }
  for (const key of days.keys()) {
    const [location, date] = key.split(" ") as [string, string];
    // A meter that told of hours in the week before is expected to do so.
    const before = (back: number) => days.get(`${location} ${DateTime.fromISO(date).minus({days: back}).toISODate()}`);
    const series = new Set(Array.from({length: 8}, (_, back) => [...(before(back) ?? [])]).flat());
    const day = DateTime.fromISO(date, {zone: zoneOf(location)});
    const end = day.plus({days: 1}).toMillis() / 60_000;
    for (let start = day.toMillis() / 60_000; start < end; start += 60)
      hours.set(`${location} ${start}`, {location, date, start, minutes: Math.min(60, end - start), series, rows: []});
  }
  for (const row of rows.values()) {
    if (row.start === undefined) continue;
    const middle = row.start / 60_000 + Math.floor(row.minutes / 30) * 15;
    const day =
      DateTime.fromMillis(middle * 60_000, {zone: zoneOf(row.location)})
        .startOf("day")
        .toMillis() / 60_000;
    hours.get(`${row.location} ${day + Math.floor((middle - day) / 60) * 60}`)!.rows.push(row);
  }

  const told = [...hours.values()].map((hour) => {
    const {solar, bidding_zone} = homes.get(hour.location)!;
    const zone = bidding_zone ?? "LT";
    const over = (from: number, minutes: number) => {
      const parts = Array.from({length: minutes / 15}, (_, part) => priceAt.get(`${zone} ${from + part * 15}`));
      return parts.includes(undefined) ? undefined : mean(parts as bigint[]);
    };
    const price = over(hour.start, hour.minutes);
    const sum = (fuel: string, channel: string) => {
      const found = hour.rows.filter((row) => row.fuel === fuel && row.channel === channel);
      return found.length > 0 ? found.reduce((total, {microKwh}) => total + microKwh, 0n) : undefined;
    };
    const worth = (channel: string) => {
      const found = hour.rows.filter((row) => row.fuel === "electricity" && row.channel === channel);
      if (found.length === 0) return undefined;
      let total = 0n;
      for (const row of hour.rows.filter(({fuel}) => fuel === "electricity")) {
        const start = row.start! / 60_000;
        const fits = start >= hour.start && start + row.minutes <= hour.start + hour.minutes;
        const each = fits && row.minutes < 60 ? over(start, row.minutes) : price;
        if (each === undefined) return undefined;
        if (row.channel === channel) total += row.microKwh * each;
      }
      return halfAway(total, 1_000_000_000n);
    };
    const present = hour.rows.reduce((total, {minutes}) => total + minutes, 0);
    const [taken, given, made] = ["import", "export", "production"].map((channel) => sum("electricity", channel));
    const electric = hour.rows
      .filter(({fuel}) => fuel === "electricity")
      .reduce((total, {minutes}) => total + minutes, 0);
    const electricSeries = [...hour.series].filter((name) => name.endsWith("electricity")).length;
    const hasPanels = Number(solar ?? 0) > 0;
    const isWhole = electric >= electricSeries * hour.minutes;
    const used = !hasPanels
      ? taken
      : isWhole && taken !== undefined && given !== undefined && made !== undefined
        ? taken + made - given
        : undefined;
    return {
      ...hour,
      values: [taken, given, made, used, sum("gas", "import"), sum("district_heating", "import")],
      temperature: temperature(hour.location, hour.start),
      price,
      cost: worth("import"),
      worth: worth("export"),
      present,
      expected: hour.series.size * hour.minutes
    };
  });

  const byDay = new Map<string, Sum>();
  const outside = (location: string, date: string) => {
    const day = DateTime.fromISO(date, {zone: zoneOf(location)});
    let [total, minutes] = [0n, 0n];
    for (let at = day.toMillis() / 60_000; at < day.plus({days: 1}).toMillis() / 60_000; at += 60) {
      const there = temperature(location, at);
      if (there === undefined) return undefined;
      total += there * 60n;
      minutes += 60n;
    }
    const degrees = 18n * million - floorDiv(2n * total + minutes, 2n * minutes);
    return degrees > 0n ? degrees : 0n;
  };
  const dayOf = (location: string, date: string) => {
    const key = `${location} ${date}`;
    if (!byDay.has(key)) byDay.set(key, {values: [], degrees: outside(location, date), days: 1});
    return byDay.get(key)!;
  };
  // What a day's hours say of it; nothing where they fill it, and the day's own value doesn't count.
  const inHours = ({location, meter, channel, name}: Row) => {
    const found = told.filter((hour) => hour.location === location && hour.date === name);
    const parts = found.flatMap((hour) => hour.rows).filter((row) => row.meter === meter && row.channel === channel);
    const minutes = parts.reduce((total, row) => total + row.minutes, 0);
    if (minutes > 0 && minutes >= found.reduce((total, hour) => total + hour.minutes, 0)) return undefined;
    return parts.reduce((total, {microKwh}) => total + microKwh, 0n);
  };
  for (const hour of told) add(dayOf(hour.location, hour.date), [...hour.values, hour.cost]);
  for (const row of rows.values())
    if (row.name?.length === 10) add(dayOf(row.location, row.name), alone(row, inHours(row)));
  const byMonth = new Map<string, Sum>();
  for (const [key, day] of byDay) {
    const [location, date] = key.split(" ") as [string, string];
    const month = `${location} ${date.slice(0, 7)}`;
    const sum = byMonth.get(month) ?? {values: [], degrees: 0n, days: 0};
    byMonth.set(month, sum);
    add(sum, day.values);
    sum.days++;
    sum.degrees = sum.degrees === undefined || day.degrees === undefined ? undefined : sum.degrees + day.degrees;
  }
  for (const row of rows.values()) {
    if (row.name?.length !== 7) continue;
    const key = `${row.location} ${row.name}`;
    if (!byMonth.has(key)) {
      const dates = Array.from({length: 31}, (_, day) => `${row.name}-${String(day + 1).padStart(2, "0")}`);
      const degrees = dates.reduce((total, date) => total + outside(row.location, date)!, 0n);
      byMonth.set(key, {values: [], degrees, days: 0});
    }
    add(byMonth.get(key)!, alone(row, 0n));
  }
  const lines = (sums: Map<string, Sum>, more: (sum: Sum) => unknown[]) =>
    [...sums]
      .map(([key, sum]) =>
        [
          key,
          ...Array.from({length: 7}, (_, place) => decimal(sum.values[place])),
          decimal(sum.degrees),
          ...more(sum)
        ].join(" ")
      )
      .sort();
  return {
    hours: told
      .sort((a, b) => (a.location === b.location ? a.start - b.start : a.location < b.location ? -1 : 1))
      .map((hour) =>
        [
          hour.location,
          `${new Date(hour.start * 60_000).toISOString().slice(0, 19).replace("T", " ")}+00`,
          hour.date,
          hour.minutes,
          ...hour.values.map(decimal),
          ...[hour.temperature, hour.price, hour.cost, hour.worth].map(decimal),
          hour.present,
          hour.expected
        ].join(" ")
      ),
    days: lines(byDay, () => []),
    months: lines(byMonth, ({days}) => [days])
  };
}

interface Hour {
  readonly location: string;
  readonly date: string;
  /** Minutes since 1970. */
  readonly start: number;
  readonly minutes: number;
  readonly series: ReadonlySet<string>;
  readonly rows: Row[];
}

/** Import, export, production, consumption, gas, heat and cost, in millionths; and the degree days. */
interface Sum {
  values: (bigint | undefined)[];
  degrees: bigint | undefined;
  days: number;
}

function add(sum: Sum, values: readonly (bigint | undefined)[]): void {
  values.forEach((value, place) => {
    if (value !== undefined) sum.values[place] = (sum.values[place] ?? 0n) + value;
  });
}

/** What came as one value of a day or a month, less what its hours say already: none of these homes has panels. */
function alone({fuel, microKwh}: Row, counted: bigint | undefined): (bigint | undefined)[] {
  if (counted === undefined) return [];
  const rest = microKwh - counted;
  if (fuel === "electricity") return [rest, undefined, undefined, rest];
  return [undefined, undefined, undefined, undefined, ...(fuel === "gas" ? [rest] : [undefined, rest])];
}

function rowOf(row: Record<string, string | null>): Row {
  const {location_id, meter_id, fuel, channel, start, end, resolution, value, unit, calorific_value_mj_m3} = row;
  const base = {
    location: location_id!,
    meter: meter_id!,
    fuel: fuel!,
    channel: channel!,
    microKwh: energyOf(value!, unit!, calorific_value_mj_m3)
  };
  if (start!.length <= 10) return {...base, name: start!, minutes: 0};
  const from = Date.parse(start!);
  return {
    ...base,
    start: from,
    minutes: resolution ? Number.parseInt(resolution, 10) : (Date.parse(end!) - from) / 60_000
  };
}

function energyOf(value: string, unit: string, calorific: string | null | undefined): bigint {
  const number = micro(value);
  switch (unit) {
    case "Wh":
      return number / 1000n;
    case "kWh":
      return number;
    case "MWh":
      return number * 1000n;
    case "MJ":
      return halfAway(number * 10n, 36n);
    default:
      return halfAway(number * micro(calorific!) * 10n, 36n * million);
  }
}

function micro(text: string): bigint {
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
  return BigInt(`${sign}${whole}${part.padEnd(6, "0")}`);
}

function decimal(value: bigint | undefined): string {
  if (value === undefined) return "";
  const digits = String(value < 0n ? -value : value).padStart(7, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function mean(values: readonly bigint[]): bigint {
  const total = values.reduce((sum, value) => sum + value, 0n);
  const number = BigInt(values.length);
  return floorDiv(2n * total + number, 2n * number);
}

function floorDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend - (((dividend % divisor) + divisor) % divisor)) / divisor;
}

function halfAway(dividend: bigint, divisor: bigint): bigint {
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}
