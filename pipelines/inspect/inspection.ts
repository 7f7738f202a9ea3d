import {type Connection, identifier, openDuckDB} from "../engines/duckdb.js";
import {fileReason} from "../wording/file.js";
import {findRoles} from "./columns.js";
import {type Draft, draftSource} from "./draft.js";
import {type OpenFile, openFile} from "./file.js";
import {certain, type Finding} from "./finding.js";
import {findClock} from "./policy.js";
import {readSeries, type Series} from "./series.js";
import {findUnit} from "./unit.js";

/** What was found out about a file. */
export interface Inspection {
  readonly file: string;
  /** In the order in which they were found; what the file doesn't tell is among them. */
  readonly findings: readonly Finding[];
  /** The first and the last day; undefined where no values could be read. */
  readonly days?: {readonly first: string; readonly last: string; readonly count: number};
  /** All time zones that the file would be right in; none where it doesn't tell. */
  readonly zones: readonly string[];
  /** Days to look at: an ordinary one, as the mean of all, and those of change. */
  readonly shapes: readonly DayShape[];
  readonly draft?: Draft;
}

/** A day by its labels, summed over all meters. */
export interface DayShape {
  readonly name: string;
  readonly resMin: number;
  /** By label from 00:00 on; null where there is no label or no value. */
  readonly values: readonly (number | null)[];
}

/**
 * Looks at a file that nobody has described, and says what is in it, with the evidence. Nothing is guessed: what the file
 * can't tell is a finding without an answer.
 *
 * @param tz the zone of its meters, where that is known
 * @throws Error when the file isn't there, or nothing is in it
 */
export async function inspectFile(file: string, {tz}: {readonly tz?: string} = {}): Promise<Inspection> {
  const database = await openDuckDB();
  try {
    const opened = await openFile(database, file).catch((error) => {
      throw readable(error, file);
    });
    if (opened.format === undefined) return {file, findings: opened.findings, zones: [], shapes: []};
    const {roles, findings: ofRoles} = await findRoles(database, opened);
    const told = await toldByRows(database, opened);
    const soFar = [...opened.findings, ...(told ?? []), ...ofRoles];
    const series = roles && (await readSeries(database, roles));
    if (!roles || !series) return {file, findings: soFar, zones: [], shapes: []};
    const clock = findClock(series, roles.time, tz);
    const {unit, finding: ofUnit} = await findUnit(database, roles, series);
    const days = [...series.slots.keys()].sort();
    return {
      file,
      findings: [...soFar, ...(told ? [] : [ofUnit]), ...series.findings, ...clock.findings],
      days: {first: days[0]!, last: days.at(-1)!, count: days.length},
      zones: clock.zones,
      shapes: [meanShape(series), ...clock.marks.map(({change}) => shapeOf(series, change.day))],
      ...(!told && {draft: draftSource(file, opened, roles, series, clock, unit)})
    };
  } finally {
    database.close();
  }
}

/** What a file says row by row: undefined unless its columns are those of the source of intervals, which needs no draft. */
async function toldByRows(database: Connection, {columns}: OpenFile): Promise<Finding[] | undefined> {
  const said = ["fuel", "channel", "unit"];
  const names = columns.map(({name}) => name);
  if (![...said, "client_id", "meter_id", "value"].every((name) => names.includes(name))) return undefined;
  const findings: Finding[] = [
    certain(
      "source",
      "intervals",
      "its columns are those of sql/bronze/interval_row.sql: npm run land -- intervals takes it in as it is"
    )
  ];
  for (const name of said) {
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
  if (/^(file not found|not a file|the file is empty)/.test(error.message)) return error;
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
