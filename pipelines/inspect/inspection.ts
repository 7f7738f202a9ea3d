import {type Connection, identifier, openDuckDB} from "../engines/duckdb.js";
import {installMacros, readMacros} from "../models/functions.js";
import {programSql} from "../models/sql_folders.js";
import {FileReading} from "../sources/formats/file_reading.js";
import {defaultLimits, type Limits} from "../sources/formats/limits.js";
import type {MeterSource} from "../sources/source.js";
import {fileReason} from "../wording/file.js";
import {type Draft, draftSource, nameOf} from "./draft.js";
import {certain, type Finding, given, likely, type OpenQuestion, unknown} from "./finding.js";
import {type KnownFile, knownByColumns} from "./known_file.js";
import {findOddities, hasNegative, isLikeSun} from "./oddities.js";
import {openFile} from "./open_file.js";
import type {OpenFile} from "./opened.js";
import {type ClockFinding, findClock} from "./policy.js";
import {findRoles, type Roles} from "./roles.js";
import type {Said} from "./said.js";
import {readSeries, type Series} from "./series.js";
import {timeColumns} from "./time_role.js";
import {findUnit} from "./unit.js";
import {fuelIn} from "./words.js";

/** What was found out about a file. */
export interface Inspection {
  readonly file: string;
  /** In the order in which they were found; what the file leaves open is among them. */
  readonly findings: readonly Finding[];
  /** The first and the last day; undefined where no values could be read. */
  readonly days?: {readonly first: string; readonly last: string; readonly count: number};
  /** All time zones that the file would be right in; none where it doesn't say. */
  readonly zones: readonly string[];
  /** Days to look at: an ordinary one, as the mean of all, and those of change. */
  readonly shapes: readonly DayShape[];
  /** What is open though a draft can't be made yet. */
  readonly open: readonly OpenQuestion[];
  /** The source or the format that the program has for files of this kind. */
  readonly known?: KnownFile;
  readonly draft?: Draft;
}

/** A day by its labels, summed over all meters. */
export interface DayShape {
  readonly name: string;
  readonly resMin: number;
  /** By label from 00:00 on; null where there is no label or no value. */
  readonly values: readonly (number | null)[];
}

/** What is said of a file, and how its source is to be called: by default after the file. */
export interface InspectOptions extends Said {
  readonly name?: string;
  /** The table of a database. */
  readonly table?: string;
  /** How much of the file is read; as much as by default where nothing is said. */
  readonly limits?: Limits;
}

/**
 * Looks at a file that nobody has described, and finds out what is in it, with the evidence. Nothing is guessed: what the
 * file leaves open is a finding without an answer.
 *
 * @throws Error when the file isn't there, or nothing is in it; with `usage` as its cause when something said of it can't be
 */
export async function inspectFile(file: string, options: InspectOptions = {}): Promise<Inspection> {
  const database = await openDuckDB();
  try {
    await installMacros(database, await readMacros(programSql));
    const reading = new FileReading(file, options.limits ?? defaultLimits);
    const opened = await openFile(database, reading, options.table).catch((error) => {
      throw readable(error, file);
    });
    if (opened.kind === undefined) {
      const known = opened.known && {known: opened.known};
      return {file, findings: opened.findings, zones: [], shapes: [], open: [], ...known};
    }
    return await reading
      .within(database, async () => ({file, ...(await lookInto(database, file, opened, options))}))
      .catch((error) => {
        throw reading.left > 0 ? error : readable(error, file);
      });
  } finally {
    database.close();
  }
}

async function lookInto(
  database: Connection,
  file: string,
  opened: OpenFile,
  said: InspectOptions
): Promise<Omit<Inspection, "file">> {
  const {roles, findings: ofRoles, open: ofColumns} = await findRoles(database, opened, said);
  const byRows = await saidByRows(database, opened);
  const known = byRows ? intervals : knownByColumns(opened.columns.map(({name}) => name));
  const ofFormat =
    known && !byRows
      ? [certain("known format", known.name, `its columns; ${known.command.replace("FILE", file)}`)]
      : [];
  const soFar = [...opened.findings, ...ofFormat, ...(byRows ?? []), ...ofRoles];
  const series = roles && (await readSeries(database, roles));
  if (!roles || !series) return {findings: soFar, zones: [], shapes: [], open: ofColumns, ...(known && {known})};
  const {time} = roles;
  const clock = findClock(series, {
    names: time.kind === "times" ? time.columns : timeColumns(time).slice(0, 1),
    hasUntil: time.kind === "times" && time.until !== undefined,
    said
  });
  const {unit, finding: ofUnit} = await findUnit(database, roles, series, said);
  const {channel, finding: ofChannel} = await findChannel(database, roles, said);
  const {fuel, finding: ofFuel} = findFuel(file, roles);
  const oddities = await findOddities(database, series, clock.marks);
  const findings = [
    ...soFar,
    ...(byRows ? [] : [ofUnit, ofChannel, ofFuel]),
    ...series.findings,
    ...clock.findings,
    ...oddities
  ];
  const days = [...clock.series.slots.keys()].sort();
  const open = [...ofColumns, ...openIn(clock, ofUnit, ofChannel)];
  const found = {file, opened, roles, clock, resMin: series.resMin, unit, channel, fuel, meter: said.meter, open};
  return {
    findings,
    days: {first: days[0]!, last: days.at(-1)!, count: days.length},
    zones: clock.zones,
    shapes: [meanShape(clock.series), ...clock.marks.map(({change}) => shapeOf(clock.series, change.day))],
    open: byRows ? [] : open,
    ...(known && {known}),
    ...(!byRows && {draft: draftSource(said.name ?? nameOf(file), found)})
  };
}

/** Rows that say all of themselves are those of a source that the program has. */
const intervals: KnownFile = {name: "intervals", command: "npm run land -- intervals FILE"};

/** The settings that are open, each with the option that answers it. */
function openIn(clock: ClockFinding, unit: Finding, channel: Finding): OpenQuestion[] {
  const open: OpenQuestion[] = [];
  const about = (name: string) => clock.findings.find((finding) => finding.about === name);
  if (clock.timeZone === undefined) {
    open.push({
      about: "timeZone",
      reason: clock.zones.length > 1 ? `${clock.zones.length} zones fit` : "the file names no zone",
      option: "--tz ZONE"
    });
  }
  if (clock.policy === undefined)
    open.push({about: "policy", reason: about("policy")!.evidence, option: "--policy POLICY"});
  if (clock.labelAt === undefined)
    open.push({about: "labelAt", reason: about("label names")!.evidence, option: "--label-at MEANING"});
  if (unit.sure === "unknown") open.push({about: "unit", reason: unit.evidence, option: "--unit UNIT"});
  if (channel.sure === "unknown") open.push({about: "channel", reason: channel.evidence, option: "--channel CHANNEL"});
  return open;
}

async function findChannel(
  database: Connection,
  {values, categories}: Roles,
  said: Said
): Promise<{channel: MeterSource["channel"]; finding: Finding}> {
  const names = values.map(({column}) => column).join(" and ");
  if (said.channel !== undefined) return {channel: said.channel, finding: given("channel", said.channel, "--channel")};
  const [partly] = categories.filter(({values: texts}) =>
    Object.values(texts).some((set) => set.channel !== undefined)
  );
  if (partly) {
    const silent = Object.entries(partly.values).find(([, set]) => set.channel === undefined);
    return silent
      ? {
          channel: undefined,
          finding: unknown(
            "channel",
            `${partly.column} has ${silent[0]}, which names none`,
            `the sender's word; --channel "${silent[0]}=import" says it`
          )
        }
      : {
          channel: undefined,
          finding: certain("channel", channelsOf(partly.values), `as ${partly.column} says, row by row`)
        };
  }
  const channels = [...new Set(values.map(({set}) => set.channel))];
  if (values.length > 1 && !channels.includes(undefined))
    return {channel: undefined, finding: certain("channel", channels.join(", "), `the columns are called ${names}`)};
  const [named] = channels;
  if (named !== undefined)
    return {
      channel: named as MeterSource["channel"],
      finding: certain("channel", named, `the column is called ${names}`)
    };
  const wouldTell = "the sender's word; --channel says it";
  if (await hasNegative(database))
    return {
      channel: undefined,
      finding: unknown("channel", "some values are below zero, and no name says what that means", wouldTell)
    };
  if (await isLikeSun(database))
    return {
      channel: undefined,
      finding: unknown(
        "channel",
        "the values are like those of the sun, none at night: production or export",
        wouldTell
      )
    };
  return {
    channel: "consumption",
    finding: likely(
      "channel",
      "consumption",
      "no name says the channel; no value is below zero, and nights have values",
      wouldTell
    )
  };
}

function channelsOf(texts: Roles["categories"][number]["values"]): string {
  return [...new Set(Object.values(texts).map(({channel}) => channel))].join(", ");
}

function findFuel(file: string, {values, categories, meter}: Roles): {fuel: MeterSource["fuel"]; finding: Finding} {
  const byCategory = categories.find(({values: texts}) => Object.values(texts).every(({fuel}) => fuel !== undefined));
  if (byCategory) return {fuel: undefined, finding: certain("fuel", "by row", `as ${byCategory.column} says`)};
  const named = [...values.map(({column}) => column), meter ?? "", file.split("/").at(-1)!].find((name) =>
    fuelIn(name)
  );
  const fuel = named === undefined ? undefined : fuelIn(named);
  return fuel
    ? {fuel, finding: certain("fuel", fuel, `as ${named} says`)}
    : {
        fuel: "electricity",
        finding: likely(
          "fuel",
          "electricity",
          "nothing names another",
          "the sender's word; change it in lake/sources.json"
        )
      };
}

/** What a file states row by row: undefined unless its columns are those of the source of intervals, which needs no draft. */
async function saidByRows(database: Connection, {columns}: OpenFile): Promise<Finding[] | undefined> {
  const stated = ["fuel", "channel", "unit"];
  const names = columns.map(({name}) => name);
  if (![...stated, "client_id", "meter_id", "value"].every((name) => names.includes(name))) return undefined;
  const findings: Finding[] = [
    certain(
      "source",
      "intervals",
      "its columns are those of sql/bronze/interval_row.sql: npm run land -- intervals takes it in as it is"
    )
  ];
  for (const name of stated) {
    const rows = await database.rows<{value: string | null; rows: bigint}>(
      `SELECT CAST(${identifier(name)} AS VARCHAR) AS value, count(*) AS rows FROM raw GROUP BY 1 ORDER BY rows DESC, value LIMIT 5`
    );
    const values = rows.map(({value, rows}) => `${value ?? "nothing"} in ${rows}`).join(", ");
    findings.push(
      certain(name, rows.map(({value}) => value ?? "nothing").join(", "), `its column says so: ${values} rows`)
    );
  }
  return findings;
}

/** Why a file can't be read, as one sentence; our own sentences as they are. */
function readable(error: Error, file: string): Error {
  if (/^(file not found|not a file|file can't be opened|the file is empty|table not found)/.test(error.message))
    return error;
  return new Error(`not readable: ${file}: ${fileReason(error, file)}`);
}

function shapeOf({slots, resMin}: Series, day: string): DayShape {
  const of = slots.get(day);
  const length = Math.max(1440 / resMin, ...[...(of?.keys() ?? [])].map((minute) => minute / resMin + 1));
  const values = Array.from({length}, (_, index) => {
    const slot = of?.get(index * resMin);
    return slot === undefined || (slot.empty === slot.rows && slot.total === 0) ? null : slot.total;
  });
  return {name: day, resMin, values};
}

function meanShape({slots, resMin}: Series): DayShape {
  const values = Array.from({length: 1440 / resMin}, (_, index) => {
    const totals = [...slots.values()].flatMap((day) => day.get(index * resMin)?.total ?? []);
    return totals.length === 0 ? null : totals.reduce((sum, total) => sum + total, 0) / totals.length;
  });
  return {name: "mean day", resMin, values};
}
