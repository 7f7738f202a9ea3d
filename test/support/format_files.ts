import {DateTime, type DateTimeOptions} from "luxon";
import type {Said} from "../../pipelines/sources/catalogue/land_format.js";

/**
 * Files as senders of known formats write them, with the two odd days in them, and what they hold. Both are made from instants: a
 * label is what luxon says the clock shows at one, so that nothing here knows how the program reads it.
 */
export interface FormatFile {
  readonly format: string;
  readonly name: string;
  readonly text: string;
  readonly said: Said;
  readonly readings: readonly Reading[];
  /** The reasons that the file's rows are rejected for, each with how many rows. */
  readonly rejects?: Readonly<Record<string, number>>;
}

/** The energy of an interval. */
export interface Reading {
  readonly meter: string;
  readonly fuel: "electricity" | "gas";
  readonly channel: "import" | "export" | "production" | "consumption";
  readonly start: DateTime;
  readonly minutes: number;
  /** In whole micro-kWh. */
  readonly energy: bigint;
  readonly quality: "measured" | "estimated";
}

/** A day of a series, as the golden case's query has it. */
export interface ReadDay {
  readonly client_id: string;
  readonly meter_id: string;
  readonly fuel: string;
  readonly channel: string;
  readonly local_date: string;
  readonly res_min: number;
  readonly readings: number;
  readonly estimated: number;
  readonly first: string;
  readonly last: string;
  readonly kwh: string;
}

/** The readings of files by series and local day of a zone, in the order of the golden case's query. */
export function daysOf({said, readings}: FormatFile, zone: string): ReadDay[] {
  const days = new Map<string, Reading[]>();
  for (const reading of readings) {
    const date = reading.start.setZone(zone).toISODate()!;
    const key = [reading.meter, reading.fuel, reading.channel, date, String(reading.minutes).padStart(5)].join("|");
    days.set(key, [...(days.get(key) ?? []), reading]);
  }
  return [...days].map(([key, day]) => {
    const [meter_id, fuel, channel, local_date] = key.split("|") as [string, string, string, string];
    const ordered = [...day].sort((one, other) => one.start.toMillis() - other.start.toMillis());
    const at = (reading: Reading) => reading.start.toUTC().toFormat("yyyy-MM-dd HH:mm");
    return {
      client_id: said.client,
      ...{meter_id, fuel, channel, local_date, res_min: ordered[0]!.minutes, readings: ordered.length},
      estimated: ordered.filter(({quality}) => quality === "estimated").length,
      ...{first: at(ordered[0]!), last: at(ordered.at(-1)!)},
      kwh: ordered.map(({energy}) => kwhText(energy)).join(" ")
    };
  });
}

function kwhText(energy: bigint): string {
  return `${energy / 1_000_000n}.${String(energy % 1_000_000n).padStart(6, "0")}`;
}

/** Intervals from the beginning of one local day to the end of another. */
export function intervals(zone: string, from: string, to: string, minutes: number): DateTime[] {
  const at: DateTimeOptions = {zone};
  const end = DateTime.fromISO(to, at).plus({days: 1});
  const starts: DateTime[] = [];
  for (let start = DateTime.fromISO(from, at); start < end; start = start.plus({minutes})) starts.push(start);
  return starts;
}

/** Energies that tell intervals apart, in Wh. */
const wh = (index: number, salt = 0) => BigInt(((index + salt) * 37) % 499) + 1n;
const inKwh = (energy: bigint) => String(Number(energy) / 1000);

type Fixed = Omit<Reading, "start" | "energy" | "quality">;

function reading(fixed: Fixed, start: DateTime, energyWh: bigint, quality: Reading["quality"] = "measured"): Reading {
  return {...fixed, start, energy: energyWh * 1000n, quality};
}

/** Half hours of GMT all year, a space behind the header and before values, a null, rows off the grid and a midnight that came twice. */
function lowCarbonLondon(): FormatFile {
  const fixed = {meter: "MAC000002", fuel: "electricity", channel: "import", minutes: 30} as const;
  const starts = [
    ...intervals("UTC", "2013-03-30", "2013-04-01", 30),
    ...intervals("UTC", "2013-10-26", "2013-10-28", 30)
  ];
  const lines = ["LCLid,stdorToU,DateTime,KWH/hh (per half hour) "];
  const readings: Reading[] = [];
  for (const [index, start] of starts.entries()) {
    const energy = wh(index);
    const line = `MAC000002,Std,${start.toFormat("yyyy-MM-dd HH:mm:ss")}.0000000,`;
    if (index === 20) lines.push(`${line}Null`);
    else {
      lines.push(`${line} ${inKwh(energy)} `);
      readings.push(reading(fixed, start, energy));
    }
    if (index === 48) lines.push(`${line} ${inKwh(energy)} `);
    if (index === 30) lines.push(`MAC000002,Std,2013-03-30 15:13:00.0000000, 0.2 `);
  }
  return {
    ...{format: "low-carbon-london", name: "block.csv", text: `${lines.join("\r\n")}\r\n`, readings},
    said: {client: "low-carbon-london"},
    rejects: {"label not on the 30-minute grid: 2013-03-30 15:13:00.0000000": 1}
  };
}

/** Half hours with offsets and a space after each comma, those of zero left out, and one as 0E-20. */
function octopus(name: string, from: string, to: string): FormatFile {
  const fixed = {meter: "home", fuel: "electricity", channel: "import", minutes: 30} as const;
  const lines = ["Consumption (kwh), Start, End"];
  const readings: Reading[] = [];
  const at = (time: DateTime) => time.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
  const starts = intervals("Europe/London", from, to, 30);
  for (const [index, start] of starts.entries()) {
    // What is left out before the first row or after the last, nobody can know.
    const isZero = index % 17 === 5 && index < starts.length - 1;
    const energy = isZero ? 0n : wh(index);
    const text = index === 5 ? "0E-20" : inKwh(energy);
    if (!isZero || index === 5) lines.push(`${text}, ${at(start)}, ${at(start.plus({minutes: 30}))}`);
    readings.push(reading(fixed, start, energy));
  }
  return {
    ...{format: "octopus", name, text: `${lines.join("\n")}\n`, readings},
    said: {client: "octopus", defaults: {location_id: "home"}, settings: {absentMeans: "zero"}}
  };
}

/** The files, with the zone of each. */
export function formatFiles(): {readonly file: FormatFile; readonly zone: string}[] {
  return [
    {file: lowCarbonLondon(), zone: "Europe/London"},
    {file: octopus("spring.csv", "2023-03-25", "2023-03-27"), zone: "Europe/London"},
    {file: octopus("autumn.csv", "2023-10-28", "2023-10-30"), zone: "Europe/London"}
  ];
}
